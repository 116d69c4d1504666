/*
 * The plain text of HTML mails. One pass over the HTML, whose cost grows with its length only, whatever it contains.
 */
import { decodeEntities, endOfElement, skipped, tagAt } from './html-tags.ts'

const paragraphs = new Set([
  'p',
  'h1',
  'h2',
  'h3',
  'h4',
  'h5',
  'h6',
  'ul',
  'ol',
  'table',
  'pre',
  'hr',
  'blockquote',
])
const lines = new Set([
  'div',
  'br',
  'tr',
  'li',
  'dt',
  'dd',
  'section',
  'article',
  'header',
  'footer',
  'center',
])
// Mails of shops hide hundreds of them after the preview.
const invisible = /\u200b|\u200c|\u200d|\ufeff|\u034f|\u00ad/g
const longestLink = 200
const deepestQuote = 20

/** The text of HTML. A quotation (`blockquote`) has `> ` before each line, as in plain mails. */
export function htmlToText(html: string): string {
  const text = new Text()
  let at = 0
  // The links that are open, with where their text begins.
  let link: { url: string; from: number } | undefined
  // Elements without an end are searched for it only once.
  const unclosed = new Set<string>()
  while (at < html.length) {
    const start = html.indexOf('<', at)
    text.add(html.slice(at, start === -1 ? html.length : start))
    if (start === -1) break
    const tag = tagAt(html, start)
    at = tag.end
    if (tag.name === '') {
      text.add(tag.text)
    } else if (skipped.has(tag.name) && !tag.isClosing) {
      const end = unclosed.has(tag.name) ? undefined : endOfElement(html, at, tag.name)
      if (end === undefined) unclosed.add(tag.name)
      // As in a browser, a script without an end hides everything after it.
      at = end ?? (/^(?:script|style)$/.test(tag.name) ? html.length : at)
    } else if (tag.name === 'a') {
      if (tag.isClosing && link && text.mark > link.from) text.addLink(link.url, link.from)
      link = tag.isClosing ? undefined : { url: linkOf(tag.text), from: text.mark }
    } else if (tag.name === 'blockquote') {
      if (tag.isClosing) text.quote(-1)
      text.paragraph()
      if (!tag.isClosing) text.quote(1)
    } else if (paragraphs.has(tag.name)) text.paragraph()
    else if (tag.name === 'td' || tag.name === 'th') text.add(' ')
    else if (lines.has(tag.name) && (tag.name === 'br' || !text.isAtStart)) text.line()
    if (tag.name === 'li' && !tag.isClosing) text.add('* ')
  }
  return text.toString()
}

const href = /\shref\s{0,5}=\s{0,5}(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/i

function linkOf(tag: string): string {
  const found = href.exec(tag)
  return decodeEntities((found?.[1] ?? found?.[2] ?? found?.[3] ?? '').trim())
}

class Text {
  readonly #pieces: string[] = []
  #depth = 0
  /** Line ends at the end of the text. */
  #breaks = 2
  #hasSpace = false

  /** Where the text ends now, for `addLink`. */
  get mark(): number {
    return this.#pieces.length
  }

  get isAtStart(): boolean {
    return this.#breaks > 0
  }

  add(html: string): void {
    if (html === '') return
    const text = decodeEntities(html).replace(invisible, '').replace(/\s+/g, ' ')
    const body = text.trimStart()
    if (body !== text) this.#hasSpace = true
    if (body === '') return
    if (this.#breaks > 0) this.#push('> '.repeat(this.#depth))
    else if (this.#hasSpace) this.#push(' ')
    this.#push(body.trimEnd())
    this.#hasSpace = body.trimEnd() !== body
    this.#breaks = 0
  }

  addLink(url: string, from: number): void {
    if (!/^https?:\/\/\S+$/i.test(url) || url.length > longestLink) return
    const shown = this.#pieces.slice(from).join('')
    if (!shown.includes(url.replace(/^https?:\/\/|\/$/g, ''))) this.add(` (${url.replaceAll('&', '&amp;')})`)
  }

  line(): void {
    if (this.#breaks === 1) this.#push('> '.repeat(this.#depth).trimEnd())
    if (this.#breaks < 2) this.#push('\n')
    this.#breaks = Math.min(2, this.#breaks + 1)
    this.#hasSpace = false
  }

  paragraph(): void {
    while (this.#breaks < 2) this.line()
  }

  quote(change: number): void {
    this.#depth = Math.max(0, Math.min(deepestQuote, this.#depth + change))
  }

  toString(): string {
    return this.#pieces.join('').trim()
  }

  #push(text: string): void {
    this.#pieces.push(text)
  }
}
