import { rm } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { writeTemporaryFile } from '../../files/temporary-files.ts'
import type { Context } from '../../http/feature.ts'
import { Refusal } from '../../lib/errors.ts'
import type { UploadedFile } from '../attachments/multipart.ts'
import { mostFiles } from '../attachments/schema.ts'
import { Upload } from '../attachments/service.ts'

/** A file of an incoming message. */
export interface IncomingFile {
  name?: string
  /** The media type that the sender has declared. */
  type?: string
  /** Its content. A stream is read once. */
  content: Uint8Array | AsyncIterable<Uint8Array>
}

/**
 * Writes the files of a message to the temporary directory. The caller must `discard()` the result. Throws `too_large` if
 * there are more files than a message can have or one is larger than customers may send, and `unavailable` if the disk is
 * nearly full.
 */
export async function uploadOf(
  { config, database, files: store }: Context,
  files: readonly IncomingFile[],
): Promise<Upload> {
  if (files.length > mostFiles) {
    throw new Refusal('too_large', `a message can have at most ${mostFiles} files`)
  }
  const largest = config.clientMaxFileSize
  const written: UploadedFile[] = []
  try {
    for (const { name, type, content } of files) {
      await store.diskSpace.assertEnough()
      const stream = Readable.from(content instanceof Uint8Array ? [content] : content, { objectMode: false })
      let size = 0
      const file = await writeTemporaryFile(store.temporaryDirectory, stream, async (bytes) => {
        size += bytes
        if (size <= largest) return
        throw new Refusal('too_large', `a file is larger than ${Math.floor(largest / 1024 ** 2)} MB`)
      })
      written.push({ ...file, name, declaredType: type ?? 'application/octet-stream' })
    }
  } catch (error) {
    for (const { path } of written) await rm(path, { force: true })
    throw error
  }
  return new Upload(written, database, store)
}
