import { type Block, parseMarkdown } from './markdown.ts'
import type { Inline } from './markdown-inline.ts'

/** A text without the signs of Markdown, for where it is shown in one style, such as in a notification. */
export function plainText(text: string): string {
  return parseMarkdown(text).map(textOfBlock).join('\n')
}

function textOfBlock(block: Block): string {
  if (block.type === 'code') return block.text
  if (block.type === 'quote') return block.content.map(textOfBlock).join('\n')
  if (block.type !== 'list') return block.content.map(textOf).join('')
  const { start } = block
  return block.items
    .map((item, index) => {
      const sign = start === undefined ? '•' : `${start + index}.`
      return `${sign} ${item.map(textOfBlock).join('\n')}`
    })
    .join('\n')
}

function textOf(part: Inline): string {
  if (typeof part === 'string') return part
  if (part.type === 'mention') return `@${part.name}`
  return part.type === 'code' ? part.text : part.content.map(textOf).join('')
}
