import { forwardMark, isAttribution, isHeaderBlock, isMobileSignature, separator } from './reply-marks.ts'

/** The text of a mail, in the parts that are shown apart. */
export interface ReplyParts {
  /** What its author has written for this mail. */
  text: string
  /** The mails that it quotes at its end, with the line that says who wrote them; '' if there are none. */
  quoted: string
  signature: string
}

const longestSignature = 20

/**
 * Separates what is new in a mail from its signature and from what it quotes at the end. Quotations in the middle belong to
 * the text: the answers are between them. A mail without any new text, and one that is forwarded, is all text. Takes time in
 * proportion to its length.
 */
export function splitReply(text: string): ReplyParts {
  const lines = text.split('\n').map((line) => line.trimEnd())
  const start = startOfQuotation(lines)
  const { visible, signature } = withoutSignature(lines.slice(0, start))
  const shown = visible.join('\n').trim()
  if (shown === '') return { text: text.trim(), quoted: '', signature: '' }
  return {
    text: shown,
    quoted: lines.slice(start).join('\n').trim(),
    signature: signature.join('\n').trim(),
  }
}

/** The line at which the quotation at the end begins; the number of lines if there is none. */
function startOfQuotation(lines: string[]): number {
  const top = startOfCopy(lines)
  const bottom = startOfMarked(lines.slice(0, top))
  return bottom ?? top
}

/** Some programs add the earlier mail without marking its lines, after a line that says so. */
function startOfCopy(lines: string[]): number {
  for (const [index, line] of lines.entries()) {
    if (line === '' || isMarked(line)) continue
    if (forwardMark.test(line.slice(0, 100))) return lines.length
    if (separator.test(line.slice(0, 100)) || isHeaderBlock(lines, index)) return withRule(lines, index)
    const end = isAttribution(lines, index)
    // Marked lines may be followed by answers.
    if (end !== undefined && !isMarked(nextLine(lines, end) ?? '>')) return index
  }
  return lines.length
}

/** A horizontal line above belongs to the quotation. */
function withRule(lines: string[], index: number): number {
  let above = index - 1
  while (above >= 0 && lines[above] === '') above--
  return above >= 0 && /^[_\-=*]{5,100}$/.test(lines[above]!) ? above : index
}

/** The beginning of lines with `>` at the end, with the attribution above. */
function startOfMarked(lines: string[]): number | undefined {
  let index = lines.length
  let first: number | undefined
  while (index > 0 && (lines[index - 1] === '' || isMarked(lines[index - 1]!))) {
    index--
    if (lines[index] !== '') first = index
  }
  if (first === undefined) return undefined
  let end = first
  while (end > 0 && lines[end - 1] === '') end--
  for (let from = end - 1; from >= Math.max(0, end - 3); from--) {
    if (isAttribution(lines, from) === end) return from
  }
  return first
}

function isMarked(line: string): boolean {
  return /^ ?[>|]/.test(line)
}

function nextLine(lines: string[], from: number): string | undefined {
  for (let index = from; index < lines.length; index++) if (lines[index] !== '') return lines[index]
  return undefined
}

function withoutSignature(lines: string[]): { visible: string[]; signature: string[] } {
  let end = lines.length
  while (end > 0 && lines[end - 1] === '') end--
  for (let index = end - 1; index >= Math.max(0, end - longestSignature); index--) {
    // `--` and a space, which was trimmed.
    if (lines[index] !== '--') continue
    return { visible: lines.slice(0, index), signature: lines.slice(index + 1) }
  }
  if (end > 0 && isMobileSignature(lines[end - 1]!)) {
    return { visible: lines.slice(0, end - 1), signature: lines.slice(end - 1) }
  }
  return { visible: lines, signature: [] }
}
