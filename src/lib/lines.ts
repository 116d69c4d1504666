import { isUtf8 } from 'node:buffer'

/** A line of a file, or what is wrong with it. */
export type Line = { line: number; text: string } | { line: number; sentence: string }

// Bytes: the longest text that a message may have, each character as six of them, and its attributes.
const longest = 4 * 1024 * 1024
const newLine = 10

/** The lines of a text in UTF-8 as they come, without blank ones. One that is too long comes with what is wrong. */
export async function* readLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<Line> {
  let line = 1
  let pieces: Buffer[] = []
  let size = 0
  const add = (piece: Buffer) => {
    size += piece.length
    if (size <= longest) pieces.push(piece)
  }
  const take = (): Line | undefined => {
    const bytes = pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces)
    const isLong = size > longest
    pieces = []
    size = 0
    if (isLong) return { line, sentence: `is longer than ${longest / 1024 / 1024} MiB` }
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
