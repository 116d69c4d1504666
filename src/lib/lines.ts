import { isUtf8 } from 'node:buffer'

/** A line of a file (numbered from 1), or a sentence that says what is wrong with it. */
export type Line = { line: number; text: string } | { line: number; sentence: string }

// The longest text of a message, with each character escaped in six bytes, plus its attributes.
const maxBytes = 4 * 1024 * 1024
const newLine = 10

/**
 * Yields the lines of a UTF-8 text. Skips blank lines. A line that is too long or not UTF-8 has a `sentence` instead.
 */
export async function* readLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<Line> {
  let line = 1
  let pieces: Buffer[] = []
  let size = 0
  const add = (piece: Buffer) => {
    size += piece.length
    if (size <= maxBytes) pieces.push(piece)
  }
  const take = (): Line | undefined => {
    const bytes = pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces)
    const isTooLong = size > maxBytes
    pieces = []
    size = 0
    if (isTooLong) return { line, sentence: `is longer than ${maxBytes / 1024 / 1024} MiB` }
    if (!isUtf8(bytes)) return { line, sentence: 'is not valid UTF-8' }
    const text = bytes.toString('utf8')
    return /\S/.test(text) ? { line, text } : undefined
  }
  for await (const chunk of chunks) {
    let from = 0
    for (let at = chunk.indexOf(newLine); at !== -1; at = chunk.indexOf(newLine, from)) {
      add(chunk.subarray(from, at))
      const taken = take()
      if (taken) yield taken
      line += 1
      from = at + 1
    }
    add(chunk.subarray(from))
  }
  const last = take()
  if (last) yield last
}
