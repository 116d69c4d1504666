import { createReadStream } from 'node:fs'
import { realpath, stat } from 'node:fs/promises'
import { dirname, join, sep } from 'node:path'
import type { Database } from '../../db/database.ts'
import type { Files } from '../../files/open.ts'
import { writeTemporaryFile } from '../../files/temporary-files.ts'
import { type PendingFiles, Upload } from '../attachments/service.ts'
import type { ImportedMessage } from './schema.ts'

type Attachments = ImportedMessage['attachments']

// Milliseconds for the thumbnails of a message. Long, because missing thumbnails are never created later.
const thumbnailTimeout = 120_000

/** The attachments in the folder of a file of conversations. */
export class IncomingFiles {
  readonly #folder: string
  readonly #database: Database
  readonly #accountId: number
  readonly #files: Files
  readonly #maxSize: number
  #uploads: Upload[] = []

  constructor(file: string, database: Database, accountId: number, files: Files, maxSize: number) {
    this.#folder = dirname(file)
    this.#database = database
    this.#accountId = accountId
    this.#files = files
    this.#maxSize = maxSize
  }

  /** A sentence about the first file of a message that cannot be stored; undefined if all can. */
  async findFault(attachments: Attachments): Promise<string | undefined> {
    // A path must not lead out of the folder: readers of the message could see any file of this machine.
    const folder = (await realpath(this.#folder)) + sep
    for (const [index, { file }] of attachments.entries()) {
      const field = `attachments[${index}].file`
      const path = await realpath(join(this.#folder, file)).catch(() => undefined)
      if (path === undefined) return `${field} does not exist: ${file}`
      if (!path.startsWith(folder)) return `${field} must be in the folder of this file`
      const stats = await stat(path)
      if (!stats.isFile()) return `${field} is not a file`
      if (stats.size > this.#maxSize) return `${field} is larger than NDOTO_MAX_FILE_SIZE`
    }
    return undefined
  }

  /** Copies the files of a message into the storage. They are removed if no message refers to them within an hour. */
  async store(attachments: Attachments): Promise<PendingFiles> {
    const localFiles = []
    for (const { file, file_name, media_type = '' } of attachments) {
      const local = await writeTemporaryFile(
        this.#files.temporaryDirectory,
        createReadStream(join(this.#folder, file)),
      )
      localFiles.push({ ...local, name: file_name ?? file, declaredType: media_type })
    }
    const upload = new Upload(localFiles, this.#database, this.#files)
    this.#uploads.push(upload)
    return upload.store(this.#accountId, thumbnailTimeout)
  }

  /** Removes the local copies of the files that are in the storage. */
  async discard(): Promise<void> {
    for (const upload of this.#uploads) await upload.discard()
    this.#uploads = []
  }
}
