import { markdownToHtml } from '../../../../lib/text/markdown-html.ts'

/**
 * The body of a mail: the Markdown of a message, in a form of its own as HTML if there is one, and below it the signature
 * of the inbox.
 */
export function bodyOf(
  text: string,
  signature: string | null | undefined,
  shown = markdownToHtml(text),
): { text: string; html: string } {
  const wrap = (html: string) => `<div style="font-family: sans-serif; font-size: 14px">${html}</div>`
  if (!signature?.trim()) return { text, html: wrap(shown) }
  return {
    // The space belongs to the line by which mail programs recognize a signature.
    text: `${text}

-- 
${signature}`,
    html: wrap(`${shown}
<div>-- <br>
${markdownToHtml(signature)}</div>`),
  }
}

// `Re:` and what mail programs of other languages write.
const replyPrefix = /^\s{0,5}(?:re|aw|sv|vs|odp|antw|ré|res|rif|回复|答复)(?:\[\d{1,3}\])?\s?[:：]/i

/** The subject of an answer. */
export function replySubject(subject: string): string {
  return replyPrefix.test(subject) ? subject.trim() : `Re: ${subject.trim()}`
}
