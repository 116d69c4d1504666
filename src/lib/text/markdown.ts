import { longestLinkedText } from './links.ts'
import { type Inline, parseInline } from './markdown-inline.ts'

/*
 * The Markdown of messages, as a tree of the few things that can be shown: whoever renders it can render nothing else. It is
 * the part of CommonMark that people use in chats. HTML is text, a line break is a line break, and pictures are links.
 */

/** A part of a text that has lines of its own. */
export type Block =
  | { type: 'paragraph' | 'heading'; content: Inline[] }
  | { type: 'code'; text: string }
  | { type: 'quote'; content: Block[] }
  | { type: 'list'; start: number | undefined; items: Block[][] }

/** A block, and the index of the line after it. */
interface Found {
  block: Block
  end: number
}

// Quotes and lists within each other.
const deepest = 4

/** Parses a text in time that grows with its length only. Very long texts are not parsed. */
export function parseMarkdown(text: string): Block[] {
  if (text.length > longestLinkedText) return [{ type: 'paragraph', content: [text] }]
  return blocksOf(text.replace(/\r\n?/g, '\n').split('\n'), 0)
}

function blocksOf(lines: readonly string[], depth: number): Block[] {
  const blocks: Block[] = []
  const lastFence = lines.findLastIndex((line) => fenceEnd.test(line))
  let paragraph: string[] = []
  const endParagraph = () => {
    if (paragraph.length > 0)
      blocks.push({ type: 'paragraph', content: parseInline(paragraph.join('\n').trimEnd()) })
    paragraph = []
  }
  for (let at = 0; at < lines.length; ) {
    const found = blockAt(lines, at, { depth, lastFence })
    if (found || lines[at]!.trim() === '') endParagraph()
    else paragraph.push(lines[at]!)
    if (found) blocks.push(found.block)
    at = found?.end ?? at + 1
  }
  endParagraph()
  return blocks
}

/** The block other than a paragraph that begins at a line; undefined if none does. */
function blockAt(
  lines: readonly string[],
  at: number,
  { depth, lastFence }: { depth: number; lastFence: number },
): Found | undefined {
  if (at < lastFence && fenceStart.test(lines[at]!)) return codeAt(lines, at)
  const [sign] = headingSign.exec(lines[at]!) ?? []
  if (sign)
    return { block: { type: 'heading', content: parseInline(lines[at]!.slice(sign.length)) }, end: at + 1 }
  if (depth === deepest) return undefined
  return quoteAt(lines, at, depth) ?? listAt(lines, at, depth)
}

const headingSign = /^#{1,6} {1,10}(?=\S)/
const fenceStart = /^ {0,3}```[^`]*$/
const fenceEnd = /^ {0,3}```\s*$/

/** Code must have an end: in a transcript it would otherwise swallow the messages after it. */
function codeAt(lines: readonly string[], at: number): Found {
  let end = at + 1
  while (!fenceEnd.test(lines[end]!)) end += 1
  return { block: { type: 'code', text: lines.slice(at + 1, end).join('\n') }, end: end + 1 }
}

// Followed by a space: >:( is a face.
const quoteSign = /^ {0,3}>(?: |(?=>|$))/

function quoteAt(lines: readonly string[], at: number, depth: number): Found | undefined {
  const quoted: string[] = []
  let end = at
  for (; end < lines.length; end++) {
    const [sign] = quoteSign.exec(lines[end]!) ?? []
    if (sign === undefined) break
    quoted.push(lines[end]!.slice(sign.length))
  }
  if (end === at) return undefined
  return { block: { type: 'quote', content: blocksOf(quoted, depth + 1) }, end }
}

// No plus: telephone numbers begin with it.
const listSign = /^( {0,12})(?:[-*]|(\d{1,9})[.)])[ \t]{1,10}(?=\S)/

/** A list. Lines that are indented belong to the item above them; the first other line ends the list. */
function listAt(lines: readonly string[], at: number, depth: number): Found | undefined {
  const first = listSign.exec(lines[at]!)
  if (!first) return undefined
  const [, { length: indent } = '', start] = first
  const items: string[][] = []
  let end = at
  for (let index = at; index < lines.length; index++) {
    const line = lines[index]!
    const [sign, { length: own } = '', number] = listSign.exec(line) ?? []
    if (sign !== undefined && own < indent + 2) {
      if ((number === undefined) !== (start === undefined)) break
      items.push([line.slice(sign.length)])
    } else if (line.trim() === '') {
      items.at(-1)!.push('')
    } else if (line.startsWith(' '.repeat(indent + 2))) {
      items.at(-1)!.push(line.slice(indent + 2))
    } else break
    if (line.trim() !== '') end = index + 1
  }
  const block: Block = {
    type: 'list',
    start: start === undefined ? undefined : Number(start),
    items: items.map((item) => blocksOf(item, depth + 1)),
  }
  return { block, end }
}
