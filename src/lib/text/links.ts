// Each part is bounded, and an email address only begins where no longer one could: otherwise a hostile text takes
// quadratic time (25 seconds for 150,000 characters).
const pattern =
  /\bhttps?:\/\/[^\s<>"'`]{1,2048}|\bmailto:[^\s<>"'`@]{1,64}@[^\s<>"'`@]{1,256}|(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,126}\b/giu
// At the end of an address these belong to the sentence around it, or are signs of Markdown.
const trailing = '.,;:!?…)]}*_~'
/** Longer texts are shown without links. */
export const longestLinkedText = 20_000
const mostLinks = 500

/** A part of a text: plain text, or a link with the text that it shows and the address that it opens. */
export type TextPart = string | { text: string; target: string }

/** Splits a text that somebody else has written at the addresses in it that are safe to open. */
export function splitAtLinks(text: string): TextPart[] {
  if (text.length > longestLinkedText) return [text]
  const parts: TextPart[] = []
  let end = 0
  let links = 0
  for (const match of text.matchAll(pattern)) {
    const address = withoutTrailing(match[0])
    const target = address.includes('://') || /^mailto:/i.test(address) ? address : `mailto:${address}`
    if (!isSafe(target)) continue
    parts.push(text.slice(end, match.index), { text: address, target })
    end = match.index + address.length
    links += 1
    if (links === mostLinks) break
  }
  parts.push(text.slice(end))
  return parts.filter((part) => part !== '')
}

function withoutTrailing(address: string): string {
  let end = address.length
  while (end > 0 && trailing.includes(address[end - 1]!)) end -= 1
  // A closing bracket belongs to the address if its opening one is in it.
  if (address[end] === ')' && address.slice(0, end).includes('(')) end += 1
  return address.slice(0, end)
}

/** Whether a link may open an address: only web pages, email and telephone numbers. */
export function isSafe(address: string): boolean {
  try {
    return /^(?:https?|mailto|tel):$/.test(new URL(address).protocol)
  } catch {
    return false
  }
}
