import { splitAtLinks } from './links.ts'
import { type Block, parseMarkdown } from './markdown.ts'
import type { Inline } from './markdown-inline.ts'

const special: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

// Mail programs ignore style sheets.
const styles = {
  block: 'margin: 0 0 0.8em',
  code: 'font-family: monospace; background: #f0f0f0; color: #222',
  quote: 'margin: 0 0 0.8em; padding-left: 0.8em; border-left: 3px solid #ccc',
}

/** The Markdown of a message as the HTML of a mail. */
export function markdownToHtml(text: string): string {
  return htmlOfBlocks(parseMarkdown(text))
}

/** A text that is not Markdown as the HTML of a mail: lines stay lines, and addresses become links. */
export function plainTextToHtml(text: string): string {
  const content = splitAtLinks(text).map(
    (part): Inline =>
      typeof part === 'string' ? part : { type: 'link', target: part.target, content: [part.text] },
  )
  return htmlOfBlock({ type: 'paragraph', content })
}

/** Text that is safe in HTML. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => special[character]!)
}

function htmlOfBlocks(blocks: readonly Block[]): string {
  return blocks.map(htmlOfBlock).join('\n')
}

function htmlOfBlock(block: Block): string {
  switch (block.type) {
    case 'paragraph':
      return `<p style="${styles.block}">${block.content.map(htmlOf).join('')}</p>`
    case 'heading':
      return `<p style="${styles.block}"><strong>${block.content.map(htmlOf).join('')}</strong></p>`
    case 'code':
      return `<pre style="${styles.block}; padding: 0.6em; ${styles.code}">${escapeHtml(block.text)}</pre>`
    case 'quote':
      return `<blockquote style="${styles.quote}">${htmlOfBlocks(block.content)}</blockquote>`
    case 'list': {
      const items = block.items.map((item) => `<li>${htmlOfItem(item)}</li>`).join('\n')
      if (block.start === undefined) return `<ul style="${styles.block}">${items}</ul>`
      return `<ol start="${block.start}" style="${styles.block}">${items}</ol>`
    }
  }
}

/** An item of one paragraph has no margins. */
function htmlOfItem(item: readonly Block[]): string {
  const [first, ...rest] = item
  if (first?.type !== 'paragraph') return htmlOfBlocks(item)
  return first.content.map(htmlOf).join('') + htmlOfBlocks(rest)
}

const tags = { strong: 'strong', emphasis: 'em', deleted: 'del' } as const

function htmlOf(part: Inline): string {
  if (typeof part === 'string') return escapeHtml(part).replaceAll('\n', '<br>\n')
  if (part.type === 'code') return `<code style="${styles.code}">${escapeHtml(part.text)}</code>`
  if (part.type === 'mention') return escapeHtml(`@${part.name}`)
  const content = part.content.map(htmlOf).join('')
  if (part.type === 'link') return `<a href="${escapeHtml(part.target)}">${content}</a>`
  return `<${tags[part.type]}>${content}</${tags[part.type]}>`
}
