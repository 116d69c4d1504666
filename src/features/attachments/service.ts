import { unlink } from 'node:fs/promises'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Database, Queries } from '../../db/database.ts'
import { reserveIds } from '../../db/ids.ts'
import { type Inspection, inspect } from '../../files/inspect.ts'
import { displayName, newKey, storedName, thumbnailName } from '../../files/names.ts'
import type { Files } from '../../files/open.ts'
import type { LocalFile } from '../../files/storage.ts'
import { storageError } from '../../files/temporary-files.ts'
import type { Context } from '../../http/feature.ts'
import { bodyOf, type FormField, fieldOf, propertiesOf } from '../../http/forms.ts'
import type { Server } from '../../http/server.ts'
import { invalid } from '../../lib/errors.ts'
import { readMultipart, type UploadedFile } from './multipart.ts'
import type { StoredAttachment } from './parts.store.ts'
import { attachFiles, insertFiles, type NewRow, releaseFiles, setLinkBase } from './store.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The files of a multipart body, on routes with `acceptFiles`. */
    upload?: Upload
  }
}

// Milliseconds after which a file without a message is deleted. No request takes that long.
const unattachedLifetime = 3_600_000
// Milliseconds that a message waits for its thumbnails. It is sent without those that are not ready.
const thumbnailTimeout = 10_000

export interface UploadOptions {
  /** The maximum size of one file, in bytes. */
  largest: number
  /** Limits the bytes of files in a period. Bytes of files that are not stored do not count. */
  quota?: ByteQuota
  /** Throws if the sender may not send files. Called before the body is read. */
  assertAllowed?: (request: FastifyRequest) => Promise<void>
  /** Makes the body from all fields of a form; by default from those that the route has. */
  toBody?: (fields: FormField[]) => unknown
  /** Whether a request without a body is valid. */
  isBodyOptional?: boolean
}

/** Limits the bytes of files that can be sent in a period. */
export interface ByteQuota {
  /** Counts the bytes of a request. Throws `too_many_requests` if fewer are left. */
  take(request: FastifyRequest, bytes: number): void
  /** Takes back bytes that were counted for files that are not stored. */
  giveBack(request: FastifyRequest, bytes: number): void
}

/**
 * Lets the routes of `app`, which must be a scope of its own, accept `multipart/form-data` with files, not only without.
 * The fields become `request.body`, the files `request.upload`. They are deleted after the response unless the handler
 * has stored them.
 */
export function acceptFiles(app: Server, { files, database }: Context, options: UploadOptions): void {
  const { largest, quota, assertAllowed, toBody, isBodyOptional = toBody !== undefined } = options
  const counted = new WeakMap<FastifyRequest, number>()
  const count = (request: FastifyRequest, bytes: number) => {
    quota?.take(request, bytes)
    counted.set(request, (counted.get(request) ?? 0) + bytes)
  }
  const scope = app as unknown as FastifyInstance
  scope.removeContentTypeParser('multipart/form-data')
  scope.addContentTypeParser(
    'multipart/form-data',
    async (request: FastifyRequest, body: typeof request.raw) => {
      const properties = propertiesOf(request)
      await assertAllowed?.(request)
      await files.diskSpace.assertEnough()
      const form = await readMultipart(request.headers, body, {
        directory: files.temporaryDirectory,
        maxFileSize: largest,
        isField: (name) => toBody !== undefined || fieldOf(name, properties) !== undefined,
        async admit(bytes) {
          await files.diskSpace.assertEnough()
          count(request, bytes)
        },
      })
      request.upload = new Upload(form.files, database, files)
      return toBody ? toBody(form.fields) : bodyOf(form.fields, properties)
    },
  )
  // Fastify validates a body only against the schema of its type, and a request without a body has no type.
  scope.addHook('preValidation', async ({ body }) => {
    if (body === undefined && !isBodyOptional) throw invalid('body', 'must be an object', 'wrong_type')
  })
  scope.addHook('onSend', async (request, reply) => {
    await request.upload?.discard()
    if (reply.statusCode !== 201) quota?.giveBack(request, counted.get(request) ?? 0)
  })
}

/** The files of a request, in temporary files until they are stored. */
export class Upload {
  readonly #uploaded: UploadedFile[]
  readonly #database: Database
  readonly #files: Files
  #thumbnails: LocalFile[] = []

  constructor(uploaded: UploadedFile[], database: Database, files: Files) {
    this.#uploaded = uploaded
    this.#database = database
    this.#files = files
  }

  /** The number of files, without the source of the message. */
  get count(): number {
    return this.#uploaded.filter(({ isSource }) => !isSource).length
  }

  /** Whether there is nothing to store. */
  get isEmpty(): boolean {
    return this.#uploaded.length === 0
  }

  /** The name and SHA-256 of each file, by which a repeated request is recognized. */
  get fingerprint(): [string | null, string][] {
    return this.#uploaded.map(({ name, sha256 }) => [name ?? null, sha256])
  }

  /**
   * Puts the files into the storage, from which they are deleted after an hour unless they are attached to a message.
   * Waits up to `timeout` milliseconds for thumbnails. Throws `unavailable` if the files cannot be stored.
   */
  async store(accountId: number, timeout = thumbnailTimeout): Promise<PendingFiles> {
    const { storage } = this.#files
    try {
      const signal = AbortSignal.timeout(timeout)
      const inspections: Inspection[] = []
      for (const file of this.#uploaded) inspections.push(await this.#inspect(file, signal))
      const files = this.#uploaded.map((file, index) => ({ ...file, ...inspections[index]!, key: newKey() }))
      const rows = await this.#database.transaction(accountId, async (tx) => {
        const lastId = await reserveIds(tx, accountId, 'files', files.length)
        const rows = files.map((file, index) => rowOf(accountId, lastId - files.length + 1 + index, file))
        await insertFiles(tx, rows)
        return rows
      })
      for (const { key, thumbnail, ...file } of files) {
        const name = storedName(accountId, key)
        await storage.put(name, file)
        if (thumbnail) await storage.put(thumbnailName(name), thumbnail)
      }
      return new PendingFiles(this.#database, accountId, rows, this.#uploaded, inspections)
    } catch (error) {
      throw storageError(error)
    }
  }

  async #inspect(file: UploadedFile, signal: AbortSignal): Promise<Inspection> {
    if (file.isSource) return sourceInspection(file)
    const inspection = await inspect(file, file.declaredType, this.#files.pictures, signal)
    if (inspection.thumbnail) this.#thumbnails.push(inspection.thumbnail)
    return inspection
  }

  /** Deletes the temporary files. */
  async discard(): Promise<void> {
    // Not rm(), which blocks the thread for each file.
    for (const { path } of [...this.#uploaded, ...this.#thumbnails]) await unlink(path).catch(() => {})
  }
}

function sourceInspection({ declaredType: type }: UploadedFile): Inspection {
  return { kind: 'file', type, extension: undefined, width: null, height: null, thumbnail: undefined }
}

function rowOf(account_id: number, id: number, file: UploadedFile & Inspection & { key: string }): NewRow {
  const created_at = Date.now()
  const { key, type, size, kind, extension } = file
  const thumbnail = file.thumbnail ? 1 : 0
  const name = displayName(file.name, kind, extension)
  const due_at = created_at + unattachedLifetime
  return { account_id, id, key, type, name, size, thumbnail, due_at, created_at }
}

/** Files in the storage that are not attached to a message, or another row, yet. */
export class PendingFiles {
  /** The JSON for the column `attachments` of the message; null if there are none. */
  readonly text: string | null
  /** The key of the source of the message. */
  readonly sourceKey: string | undefined
  readonly #database: Database
  readonly #accountId: number
  readonly #rows: NewRow[]

  constructor(
    database: Database,
    accountId: number,
    rows: NewRow[],
    files: UploadedFile[],
    inspections: Inspection[],
  ) {
    this.#database = database
    this.#accountId = accountId
    this.#rows = rows
    const attachments = rows.flatMap((row, index) =>
      files[index]!.isSource ? [] : [attachmentOf(row, inspections[index]!, files[index]!)],
    )
    this.text = attachments.length > 0 ? JSON.stringify(attachments) : null
    this.sourceKey = rows.find((_, index) => files[index]!.isSource)?.key
  }

  /** Attaches the files to a row. Call it in the transaction of the row, after it was written. */
  async attach(tx: Queries): Promise<void> {
    if (!(await attachFiles(tx, this.#rows)))
      throw storageError(new Error('the files were deleted before they were attached'))
  }

  /** Deletes the files soon, because nothing needs them. If the database fails, they are deleted after an hour. */
  async release(): Promise<void> {
    const ids = this.#rows.map(({ id }) => id)
    const work = (tx: Queries) => releaseFiles(tx, this.#accountId, ids)
    await this.#database.transaction(this.#accountId, work).catch(() => {})
  }
}

function attachmentOf(
  { id, key, name, size, thumbnail }: NewRow,
  { kind, width, height }: Inspection,
  { contentId: content_id = null }: { contentId?: string | null | undefined },
): StoredAttachment {
  return { id, key, file_type: kind, file_name: name, file_size: size, thumbnail, width, height, content_id }
}

/**
 * Stores the files of a request, if there are any, and calls `work`, which must attach them. If it throws, the files are
 * removed again. Throws `unavailable` if they cannot be stored.
 */
export async function withStoredFiles<T>(
  accountId: number,
  upload: Upload | undefined,
  work: (files: PendingFiles | undefined) => Promise<T>,
): Promise<T> {
  const files = upload?.count ? await upload.store(accountId) : undefined
  try {
    return await work(files)
  } catch (error) {
    await files?.release()
    throw error
  }
}

/** Sets the address that links to files begin with. */
export function prepareLinks({ database, config }: Context): Promise<void> {
  return database.transaction(null, (tx) => setLinkBase(tx, config.filesPublicUrl ?? config.publicUrl))
}
