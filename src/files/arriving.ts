import { createHash, randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Refusal } from '../lib/errors.ts'
import { makeDurably } from './disk.ts'
import type { LocalFile } from './storage.ts'

// In milliseconds; no request takes as long.
const oldest = 3_600_000

/**
 * Writes a stream to a new file in `directory`, in flat memory; it is on the disk when this resolves. Calls `admit` with
 * the bytes of each piece before it is written, and fails with what that throws. If it fails nothing is left.
 */
export async function writeArriving(
  directory: string,
  stream: Readable,
  admit?: (bytes: number) => Promise<void>,
): Promise<LocalFile> {
  await makeDurably(directory)
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

/** Removes what a process has left that ended before it could. */
export async function sweepArriving(directory: string): Promise<void> {
  const names = await readdir(directory).catch(() => [])
  for (const name of names) {
    const path = join(directory, name)
    const found = await stat(path).catch(() => undefined)
    if (found && Date.now() - found.mtimeMs > oldest) await rm(path, { force: true })
  }
}

/** What a disk or a service throws, as a refusal that the caller may read. */
export function unavailable(cause: unknown): Refusal {
  if (cause instanceof Refusal) return cause
  return new Refusal('unavailable', 'files cannot be kept now; nothing was sent, try again', { cause })
}
