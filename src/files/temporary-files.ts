import { createHash, randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Refusal } from '../lib/errors.ts'
import { createDirectory } from './disk.ts'
import type { LocalFile } from './storage.ts'

// In milliseconds. No request takes that long.
const maxAge = 3_600_000

/**
 * Writes a stream to a new file in `directory`, with constant memory, and flushes it to disk. Calls `admit` with the number
 * of bytes of each chunk before it is written; an error that it throws ends the writing. Leaves no file if it fails.
 */
export async function writeTemporaryFile(
  directory: string,
  stream: Readable,
  admit?: (bytes: number) => Promise<void>,
): Promise<LocalFile> {
  await createDirectory(directory)
  const path = join(directory, randomUUID())
  const hash = createHash('sha256')
  let size = 0
  try {
    await pipeline(
      stream,
      async function* (chunks: AsyncIterable<Buffer>) {
        for await (const chunk of chunks) {
          await admit?.(chunk.length)
          hash.update(chunk)
          size += chunk.length
          yield chunk
        }
      },
      createWriteStream(path, { flags: 'wx', mode: 0o600, flush: true }),
    )
  } catch (error) {
    await rm(path, { force: true })
    throw error
  }
  return { path, size, sha256: hash.digest('hex') }
}

/** Removes temporary files that a process has left because it was killed. */
export async function removeOldTemporaryFiles(directory: string): Promise<void> {
  const names = await readdir(directory).catch(() => [])
  for (const name of names) {
    const path = join(directory, name)
    const stats = await stat(path).catch(() => undefined)
    if (stats && Date.now() - stats.mtimeMs > maxAge) await rm(path, { force: true })
  }
}

/** Converts an error of the disk or the storage service into an error that the caller may see. */
export function storageError(cause: unknown): Refusal {
  if (cause instanceof Refusal) return cause
  return new Refusal('unavailable', 'files cannot be stored at the moment; nothing was sent, try again', {
    cause,
  })
}
