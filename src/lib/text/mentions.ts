import { type Block, parseMarkdown } from './markdown.ts'
import type { Inline } from './markdown-inline.ts'
import type { Mention } from './mention.ts'

/** How many mentions of a text count. */
const mostMentions = 50

/** Returns the mentions of a text, each once. Those in code are text. */
export function mentionsIn(text: string): Mention[] {
  // Parsing takes longer than this, and few texts mention anybody.
  if (!text.includes('mention://')) return []
  const found = new Map<string, Mention>()
  for (const mention of parseMarkdown(text).flatMap(ofBlock))
    found.set(`${mention.kind} ${mention.id}`, mention)
  return [...found.values()].slice(0, mostMentions)
}

function ofBlock(block: Block): Mention[] {
  if (block.type === 'code') return []
  if (block.type === 'quote') return block.content.flatMap(ofBlock)
  if (block.type === 'list') return block.items.flat().flatMap(ofBlock)
  return block.content.flatMap(ofInline)
}

function ofInline(part: Inline): Mention[] {
  if (typeof part === 'string' || part.type === 'code') return []
  return part.type === 'mention' ? [part] : part.content.flatMap(ofInline)
}
