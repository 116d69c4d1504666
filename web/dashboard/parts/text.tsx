import type { ComponentChildren } from 'preact'

// What stands at an end belongs to the sentence, not to the address.
const pattern =
  /\bhttps?:\/\/[^\s<>"'`]+|\bmailto:[^\s<>"'`]+@[^\s<>"'`]+|\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b/giu
const trailing = /[.,;:!?…)\]}]+$/u

/** A text that somebody has written, as text: links in it can be followed, and nothing else in it does anything. */
export function Text({ text }: { text: string }) {
  const parts: ComponentChildren[] = []
  let done = 0
  for (const match of text.matchAll(pattern)) {
    const shown = withoutTrailing(match[0])
    const target = shown.includes('://') || /^mailto:/i.test(shown) ? shown : `mailto:${shown}`
    if (!isSafe(target)) continue
    parts.push(text.slice(done, match.index))
    parts.push(
      <a href={target} target="_blank" rel="noopener noreferrer nofollow">
        {shown}
      </a>,
    )
    done = match.index + shown.length
  }
  parts.push(text.slice(done))
  return <>{parts}</>
}

function withoutTrailing(address: string): string {
  const cut = address.replace(trailing, '')
  // A closing bracket whose opening one is in the address is part of it.
  return cut.includes('(') && address[cut.length] === ')' ? `${cut})` : cut
}

/** Whether an address leads where a link may lead. */
export function isSafe(address: string): boolean {
  const url = URL.parse(address)
  return url !== null && ['http:', 'https:', 'mailto:'].includes(url.protocol)
}
