import { storedName } from '../../files/names.ts'
import { type ByteRange, type Storage, StorageError } from '../../files/storage.ts'
import type { CsvPlace } from '../../lib/csv.ts'
import { invalid, Refusal } from '../../lib/errors.ts'
import type { StoredAttachment } from '../attachments/parts.store.ts'
import { type ContactLine, readContactColumns, readContactsFrom } from '../import-export/contact-file.ts'
import { fileOf } from './file.ts'
import type { Row } from './store.ts'

// Bytes of the first line.
const largestHeader = 64 * 1024
// Of a file, in one step: lines, and bytes that end it earlier, so that long lines do not fill the memory.
const readAtOnce = 250
const bytesAtOnce = 256 * 1024

/** A line of a file, and the place of the next one. */
export interface Line {
  one: ContactLine
  next: CsvPlace
}

/**
 * Reads the first line of a file, and returns its columns and the place of the next line. Throws `invalid` if it has no
 * columns of contacts.
 */
export async function readHeader(storage: Storage, accountId: number, file: StoredAttachment) {
  if (file.file_size === 0) throw invalid('attachments[]', 'must not be empty')
  const end = Math.min(file.file_size, largestHeader) - 1
  try {
    const { columns, next } = await readContactColumns(
      await storage.get(storedName(accountId, file.key), { start: 0, end }),
    )
    if (!next || (next.position > end && file.file_size > largestHeader))
      throw invalid('attachments[]', `must have a first line of at most ${largestHeader} bytes`)
    return { columns, ...next }
  } catch (error) {
    if (error instanceof Refusal && error.code === 'invalid' && !error.fields?.length)
      throw invalid('attachments[]', `cannot be read: ${error.message}`)
    throw error
  }
}

/** Reads some lines of the file of an import, from a place on. */
export async function readSome(storage: Storage, row: Row, from: CsvPlace): Promise<Line[]> {
  const { key, file_size } = fileOf(row)
  if (from.position >= file_size) return []
  const range = { start: from.position, end: file_size - 1 }
  const chunks = bytesOf(storage, storedName(row.account_id, key), range)
  const lines: Line[] = []
  for await (const { next, ...one } of readContactsFrom(chunks, from, JSON.parse(row.columns))) {
    lines.push({ one, next: next ?? { position: file_size, line: one.line } })
    if (lines.length === readAtOnce || lines.at(-1)!.next.position - from.position >= bytesAtOnce) break
  }
  return lines
}

/** Reads a part of a file. Throws StorageError also if the disk fails, or the connection breaks in the middle. */
async function* bytesOf(storage: Storage, name: string, range: ByteRange): AsyncGenerator<Buffer> {
  try {
    yield* await storage.get(name, range)
  } catch (error) {
    if (error instanceof Refusal || error instanceof StorageError) throw error
    throw new StorageError(`reading a file has failed: ${(error as Error).message}`, { cause: error })
  }
}
