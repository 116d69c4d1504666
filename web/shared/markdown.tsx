import type { ComponentChildren } from 'preact'
import { useMemo } from 'preact/hooks'
import { type Block, parseMarkdown } from '../../src/lib/text/markdown.ts'
import type { Inline } from '../../src/lib/text/markdown-inline.ts'

/** A text that somebody else has written: only the elements below can be in it, and links only lead to pages and mails. */
export function Markdown({ text }: { text: string }) {
  const blocks = useMemo(() => parseMarkdown(text), [text])
  return <>{blocks.map(showBlock)}</>
}

function showBlock(block: Block): ComponentChildren {
  switch (block.type) {
    case 'paragraph':
      return <p dir="auto">{block.content.map(show)}</p>
    case 'heading':
      return (
        <p dir="auto">
          <strong>{block.content.map(show)}</strong>
        </p>
      )
    case 'code':
      return (
        <pre dir="ltr">
          <code>{block.text}</code>
        </pre>
      )
    case 'quote':
      return <blockquote>{block.content.map(showBlock)}</blockquote>
    case 'list': {
      const items = block.items.map((item) => <li dir="auto">{item.map(showBlock)}</li>)
      return block.start === undefined ? <ul>{items}</ul> : <ol start={block.start}>{items}</ol>
    }
  }
}

function show(part: Inline): ComponentChildren {
  if (typeof part === 'string') return part
  switch (part.type) {
    case 'code':
      return <code>{part.text}</code>
    case 'strong':
      return <strong>{part.content.map(show)}</strong>
    case 'emphasis':
      return <em>{part.content.map(show)}</em>
    case 'deleted':
      return <del>{part.content.map(show)}</del>
    case 'mention':
      return <span class="mention">@{part.name}</span>
    case 'link':
      return (
        <a href={part.target} title={part.target} target="_blank" rel="noopener noreferrer nofollow">
          {part.content.map(show)}
        </a>
      )
  }
}
