import { createReadStream } from 'node:fs'
import { realpath, stat } from 'node:fs/promises'
import { dirname, join, sep } from 'node:path'
import type { Database } from '../../db/database.ts'
import type { Files } from '../../files/open.ts'
import { writeTemporaryFile } from '../../files/temporary-files.ts'
import { type PendingFiles, Upload } from '../attachments/service.ts'
import type { ImportedMessage } from './schema.ts'

type Attachments = ImportedMessage['attachments']

// Milliseconds for the thumbnails of a message. Nobody waits for an answer, and what is left out stays out.
const picturePatience = 120_000

/** The files that lie beside a file of conversations. */
export class IncomingFiles {
  readonly #folder: string
  readonly #database: Database
  readonly #accountId: number
  readonly #files: Files
  readonly #largest: number
  #uploads: Upload[] = []

  constructor(file: string, database: Database, accountId: number, files: Files, largest: number) {
    this.#folder = dirname(file)
    this.#database = database
    this.#accountId = accountId
    this.#files = files
    this.#largest = largest
  }

  /** What is wrong with the files of a message; undefined where they can be kept. */
  async fault(attachments: Attachments): Promise<string | undefined> {
    // What a line names must not reach other files of this machine: whoever reads the message could see them.
    const folder = (await realpath(this.#folder)) + sep
    for (const [index, { file }] of attachments.entries()) {
      const at = `attachments[${index}].file`
      const path = await realpath(join(this.#folder, file)).catch(() => undefined)
      if (path === undefined) return `${at} is not there: ${file}`
      if (!path.startsWith(folder)) return `${at} must be below the folder of this file`
      const found = await stat(path)
      if (!found.isFile()) return `${at} is no file`
      if (found.size > this.#largest) return `${at} is larger than NDOTO_MAX_FILE_SIZE`
    }
    return undefined
  }

  /** Puts them into the storage, where they go again unless a message takes them within an hour. */
  async keep(attachments: Attachments): Promise<PendingFiles> {
    const arrived = []
    for (const { file, file_name, media_type = '' } of attachments) {
      const local = await writeTemporaryFile(
        this.#files.temporaryDirectory,
        createReadStream(join(this.#folder, file)),
      )
      arrived.push({ ...local, name: file_name ?? file, declaredType: media_type })
    }
    const upload = new Upload(arrived, this.#database, this.#files)
    this.#uploads.push(upload)
    return upload.store(this.#accountId, picturePatience)
  }

  /** Removes from this machine what the storage has taken a copy of. */
  async discard(): Promise<void> {
    for (const upload of this.#uploads) await upload.discard()
    this.#uploads = []
  }
}
