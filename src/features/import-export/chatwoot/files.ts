import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { s3Storage } from '../../../files/s3.ts'
import { writeTemporaryFile } from '../../../files/temporary-files.ts'
import { Refusal } from '../../../lib/errors.ts'
import { type PendingFiles, Upload } from '../../attachments/service.ts'
import type { ChatwootFiles, Move } from './move.ts'
import type { SourceAttachment } from './source-content.store.ts'

/** Opens the folder of Active Storage (`/app/storage`), or its bucket: `s3://KEY:SECRET@HOST/BUCKET`. */
export function openChatwootFiles(place: string): ChatwootFiles {
  if (!/^s3(?:\+http)?:\/\//.test(place)) return { open: (key) => openLocal(place, key) }
  const bucket = s3Storage(place)
  return {
    open: (key) =>
      bucket.get(key).catch((error) => {
        if (error instanceof Refusal && error.code === 'not_found') return undefined
        throw error
      }),
  }
}

async function openLocal(folder: string, key: string): Promise<Readable | undefined> {
  const path = join(folder, key.slice(0, 2), key.slice(2, 4), key)
  const isFile = await stat(path).then(
    (stats) => stats.isFile(),
    () => false,
  )
  return isFile ? createReadStream(path) : undefined
}

// Milliseconds for the thumbnails of a message. Long, because missing thumbnails are never created later.
const thumbnailTimeout = 120_000

/** The files of new messages: copied into the storage, and what is to be said about the others. */
export class MessageFiles {
  readonly #move: Move
  #uploads: Upload[] = []

  constructor(move: Move) {
    this.#move = move
  }

  /**
   * Copies the files of a message into the storage, where they are removed if no message refers to them within an hour.
   * Returns them, and the attachments whose file cannot be stored, each with the reason.
   */
  async store(
    attachments: SourceAttachment[],
  ): Promise<{ files?: PendingFiles; missing: SourceAttachment[] }> {
    const { database, accountId, files } = this.#move
    const missing: SourceAttachment[] = []
    const copies = []
    for (const attachment of attachments) {
      const copy = await this.#copy(attachment)
      if (typeof copy === 'string') {
        missing.push(attachment)
        this.#report(attachment, copy)
      } else copies.push(copy)
    }
    if (copies.length === 0) return { missing }
    const upload = new Upload(copies, database, files)
    this.#uploads.push(upload)
    return { files: await upload.store(accountId, thumbnailTimeout), missing }
  }

  /** Reports the attachments whose file cannot be stored, without storing any. */
  async check(attachments: SourceAttachment[]): Promise<{ missing: SourceAttachment[] }> {
    for (const attachment of attachments) {
      const stream = await this.#open(attachment)
      if (typeof stream === 'string') this.#report(attachment, stream)
      else stream.destroy()
    }
    return { missing: [] }
  }

  #report({ message_id, filename }: SourceAttachment, sentence: string): void {
    this.#move.report.remark(sentence, `message ${message_id}, ${filename}`)
  }

  /** Opens a file. Returns a sentence if it cannot be stored. */
  async #open({ key, byte_size }: SourceAttachment): Promise<Readable | string> {
    const { chatwootFiles, maxFileSize } = this.#move
    if (!chatwootFiles) return 'file that is not copied, because --files is missing'
    if (!/^[\w-]{4,}$/.test(key!)) return 'file whose key is not that of a file'
    if ((byte_size ?? 0) > maxFileSize) return 'file that is larger than NDOTO_MAX_FILE_SIZE'
    return (await chatwootFiles.open(key!)) ?? 'file that is gone'
  }

  async #copy(attachment: SourceAttachment) {
    const { files } = this.#move
    const { filename, media_type, checksum } = attachment
    const stream = await this.#open(attachment)
    if (typeof stream === 'string') return stream
    const hash = createHash('md5')
    const hashing = async function* () {
      for await (const chunk of stream) {
        hash.update(chunk)
        yield chunk
      }
    }
    const local = await writeTemporaryFile(files.temporaryDirectory, Readable.from(hashing()))
    const copy = { ...local, name: filename ?? undefined, declaredType: media_type ?? '' }
    if (checksum === null || hash.digest('base64') === checksum) return copy
    await new Upload([copy], this.#move.database, files).discard()
    return 'file that is damaged: its checksum is another one'
  }

  /** Removes the local copies of the files that are in the storage. */
  async discard(): Promise<void> {
    for (const upload of this.#uploads) await upload.discard()
    this.#uploads = []
  }
}
