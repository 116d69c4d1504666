import type { FileHandle } from 'node:fs/promises'

/** Where a mail is in an mbox file: from the byte `start` up to the byte `end`. */
export interface MailSpan {
  /** The number of its line `From `, which is not a part of it. */
  line: number
  start: number
  end: number
  /** The time in that line, in milliseconds; null if there is none. */
  time: number | null
}

const lineFeed = 10
const firstLetter = 'F'.charCodeAt(0)
const longestMark = 1000
// `From ann@example.org Tue Jan  2 10:00:00 2024`. Some programs add a time zone. A sentence that begins with `From ` is
// not a mark, because not all programs quote it.
const mark = /^From .*?((?:[A-Z][a-z]{2},? +)?[A-Z][a-z]{2} +\d{1,2} +\d{1,2}:\d{2}(?::\d{2})?.*? \d{4}\b.*)$/

/** Finds the mails in the chunks of an mbox file, with constant memory. Leaves out text before the first one. */
export async function* findMails(chunks: AsyncIterable<Buffer>): AsyncGenerator<MailSpan> {
  let found: Omit<MailSpan, 'end'> | undefined
  let line = 1
  let lineStart = 0
  let position = 0
  // The beginning of a line that may be a mark.
  let beginning = ''
  for await (const chunk of chunks) {
    for (let from = 0; from < chunk.length; ) {
      const at = chunk.indexOf(lineFeed, from)
      const end = at === -1 ? chunk.length : at
      const isPossible = beginning !== '' || (lineStart === position + from && chunk[from] === firstLetter)
      if (isPossible && beginning.length < longestMark) {
        beginning += chunk.toString('latin1', from, Math.min(end, from + longestMark))
      }
      from = end + 1
      if (at === -1) break
      const time = beginning === '' ? undefined : timeOfMark(beginning)
      if (time !== undefined) {
        if (found) yield { ...found, end: lineStart }
        found = { line, start: position + from, time }
      }
      beginning = ''
      line += 1
      lineStart = position + from
    }
    position += chunk.length
  }
  if (found) yield { ...found, end: position }
}

/** The time of a line that separates mails; null if it cannot be understood, undefined for any other line. */
function timeOfMark(line: string): number | null | undefined {
  const [, text] = mark.exec(line.trimEnd()) ?? []
  if (text === undefined) return undefined
  const hasZone = /[+-]\d{4}\b|\b(?:GMT|UTC?|[A-Z]{3})\b/.test(text)
  return Date.parse(hasZone ? text : `${text} UTC`) || null
}

/** The bytes of a mail as they were before they were quoted for the file. */
export async function readMail(handle: FileHandle, { start, end }: MailSpan): Promise<Buffer> {
  const bytes = await readBytes(handle, start, end)
  // The empty line before the next mark belongs to the file.
  const last = /\n(\r?\n)$/.exec(bytes.toString('latin1', Math.max(0, bytes.length - 3)))?.[1] ?? ''
  const text = bytes.toString('latin1', 0, bytes.length - last.length)
  return Buffer.from(text.replace(/(^|\n)>(>*From )/g, '$1$2'), 'latin1')
}

/** The beginning of a mail, in which its header is. */
export function readBeginning(handle: FileHandle, { start, end }: MailSpan): Promise<Buffer> {
  return readBytes(handle, start, Math.min(end, start + 64 * 1024))
}

async function readBytes(handle: FileHandle, start: number, end: number): Promise<Buffer> {
  const bytes = Buffer.alloc(end - start)
  const { bytesRead } = await handle.read(bytes, 0, bytes.length, start)
  return bytes.subarray(0, bytesRead)
}
