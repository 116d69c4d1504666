import { escapeHtml } from '../../../../lib/text/markdown-html.ts'
import { decodeEntities, endOfElement, skipped, tagAt } from '../html-tags.ts'

const empty = new Set(['br', 'hr', 'img'])
const elements = new Set(
  `a abbr address b big blockquote caption center cite code col colgroup dd del div dl dt em font h1 h2 h3 h4 h5 h6 i ins
  li mark ol p pre q s small span strike strong sub sup table tbody td tfoot th thead tr tt u ul`.split(
    /\s+/,
  ),
)
const attributes = new Set(
  `align alt bgcolor border cellpadding cellspacing color cols colspan dir face height rowspan size title valign
  width`.split(/\s+/),
)
const properties =
  /^(?:color|background-color|display|font(?:-family|-size|-style|-weight)?|(?:max-)?(?:height|width)|line-height|margin|padding|text-align|text-decoration|vertical-align|white-space)$/
const attribute = /([a-z][a-z-]{0,30})\s{0,5}=\s{0,5}(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/gi
// Deeper elements are left out, with their text in the one around them.
const deepest = 100

/**
 * The HTML of a mail, for another mail: written again with elements and attributes of a short list, each of which is closed,
 * so nothing in it reaches what is around it. Nothing in it is loaded from elsewhere: of its pictures, those remain that
 * came with it. `pictures` has their new content ids by the old ones.
 */
export function safeHtml(html: string, pictures: ReadonlyMap<string, string>): string {
  const open: string[] = []
  const pieces: string[] = []
  const close = (count: number) => {
    for (const name of open.splice(open.length - count).reverse()) pieces.push(`</${name}>`)
  }
  // Elements without an end are searched for it only once.
  const unclosed = new Set<string>()
  let at = 0
  while (at < html.length) {
    const start = html.indexOf('<', at)
    pieces.push(shownText(html.slice(at, start === -1 ? html.length : start)))
    if (start === -1) break
    const { name, isClosing, text, end } = tagAt(html, start)
    at = end
    if (name === '') pieces.push(shownText(text))
    else if (skipped.has(name) && !isClosing) {
      const after = unclosed.has(name) ? undefined : endOfElement(html, at, name)
      if (after === undefined) unclosed.add(name)
      at = after ?? (/^(?:script|style)$/.test(name) ? html.length : at)
    } else if (isClosing) {
      const index = open.lastIndexOf(name)
      if (index !== -1) close(open.length - index)
    } else if (empty.has(name)) pieces.push(name === 'img' ? picture(text, pictures) : `<${name}>`)
    else if (elements.has(name) && open.length < deepest) {
      pieces.push(`<${name}${shownAttributes(name, text)}>`)
      open.push(name)
    }
  }
  close(open.length)
  return pieces.join('')
}

/** Text with its entities, which mean the same in the other mail. */
function shownText(html: string): string {
  return html.replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

function shownAttributes(element: string, tag: string): string {
  let shown = ''
  for (const [name, value] of attributesOf(tag)) {
    if (attributes.has(name)) shown += written(name, value)
    else if (name === 'style') shown += written(name, shownStyle(value))
    else if (element === 'a' && name === 'href' && /^(?:https?:\/\/|mailto:)/i.test(value))
      shown += written(name, value)
  }
  return shown
}

/** The attributes of a tag, each as often as it is there: programs read the first one. */
function attributesOf(tag: string): Map<string, string> {
  const found = new Map<string, string>()
  for (const [, name, ...values] of tag.matchAll(attribute)) {
    const key = name!.toLowerCase()
    if (!found.has(key)) found.set(key, decodeEntities(values.find((one) => one !== undefined) ?? '').trim())
  }
  return found
}

function written(name: string, value: string): string {
  return value === '' ? '' : ` ${name}="${escapeHtml(value)}"`
}

/** The declarations that neither load something nor move the element over others. */
function shownStyle(style: string): string {
  return style
    .split(';')
    .flatMap((declaration) => {
      const [name = '', ...rest] = declaration.split(':')
      const value = rest.join(':').trim()
      const isSafe = /^[\w\s#%.,'"()-]{1,200}$/.test(value) && !/url|expression|(?:^|\s)-/i.test(value)
      return isSafe && properties.test(name.trim().toLowerCase()) ? [`${name.trim()}: ${value}`] : []
    })
    .join('; ')
}

/** A picture that came with the mail. Of others only the text is left: they would tell who reads the mail, and when. */
function picture(tag: string, pictures: ReadonlyMap<string, string>): string {
  const found = attributesOf(tag)
  const source = found.get('src') ?? ''
  const id = /^cid:/i.test(source) ? pictures.get(contentIdOf(source.slice(4))) : undefined
  if (id === undefined) return escapeHtml(found.get('alt') ?? '')
  return `<img src="cid:${id}"${shownAttributes('img', tag)}>`
}

function contentIdOf(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
