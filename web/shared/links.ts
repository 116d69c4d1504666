// What stands at an end belongs to the sentence, not to the address.
const pattern =
  /\bhttps?:\/\/[^\s<>"'`]+|\bmailto:[^\s<>"'`]+@[^\s<>"'`]+|\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b/giu
const trailing = /[.,;:!?…)\]}]+$/u

/** A piece of a text: plain, or what a link shows with where it leads. */
export type Piece = string | { shown: string; target: string }

/** A text that somebody has written, taken apart at the addresses in it that a link may lead to. */
export function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = []
  let done = 0
  for (const match of text.matchAll(pattern)) {
    const shown = withoutTrailing(match[0])
    const target = shown.includes('://') || /^mailto:/i.test(shown) ? shown : `mailto:${shown}`
    if (!isSafe(target)) continue
    pieces.push(text.slice(done, match.index), { shown, target })
    done = match.index + shown.length
  }
  pieces.push(text.slice(done))
  return pieces.filter((piece) => piece !== '')
}

function withoutTrailing(address: string): string {
  const cut = address.replace(trailing, '')
  // A closing bracket whose opening one is in the address is part of it.
  return cut.includes('(') && address[cut.length] === ')' ? `${cut})` : cut
}

/** Whether an address leads where a link may lead. */
export function isSafe(address: string): boolean {
  try {
    return /^(?:https?|mailto|tel):$/.test(new URL(address).protocol)
  } catch {
    return false
  }
}
