import { rm } from 'node:fs/promises'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Database, Queries } from '../../db/database.ts'
import { reserveIds } from '../../db/ids.ts'
import { type Inspection, inspect } from '../../files/inspect.ts'
import { displayName, newKey, storedName, thumbnailName } from '../../files/names.ts'
import type { Files } from '../../files/open.ts'
import type { LocalFile } from '../../files/storage.ts'
import { storageError } from '../../files/temporary-files.ts'
import { parseStorable } from '../../http/body.ts'
import type { Context } from '../../http/feature.ts'
import type { Server } from '../../http/server.ts'
import { invalid } from '../../lib/errors.ts'
import { readMultipart, type UploadedFile } from './multipart.ts'
import type { StoredAttachment } from './parts.store.ts'
import { attachFiles, insertFiles, type Row, releaseFiles, setLinkBase } from './store.ts'

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

interface UploadOptions {
  /** The maximum size of one file, in bytes. */
  largest: number
  /** Limits the bytes of files in a period. Bytes of files that are not stored do not count. */
  quota?: ByteQuota
  /** Throws if the sender may not send files. Called before the body is read. */
  assertAllowed?: (request: FastifyRequest) => Promise<void>
}

/** Limits the bytes of files that can be sent in a period. */
export interface ByteQuota {
  /** Counts the bytes of a request. Throws `too_many_requests` if fewer are left. */
  take(request: FastifyRequest, bytes: number): void
  /** Takes back bytes that were counted for files that are not stored. */
  giveBack(request: FastifyRequest, bytes: number): void
}

/**
 * Lets the routes of `app`, which must be a scope of its own, accept `multipart/form-data` in addition to JSON. The fields
 * become `request.body`; those that are booleans or objects in the route's schema are parsed as JSON. The files become
 * `request.upload`, and are deleted after the response unless the handler has stored them.
 */
export function acceptFiles(app: Server, { files, database }: Context, options: UploadOptions): void {
  const { largest, quota, assertAllowed } = options
  const counted = new WeakMap<FastifyRequest, number>()
  const count = (request: FastifyRequest, bytes: number) => {
    quota?.take(request, bytes)
    counted.set(request, (counted.get(request) ?? 0) + bytes)
  }
  const scope = app as unknown as FastifyInstance
  scope.addContentTypeParser(
    'multipart/form-data',
    async (request: FastifyRequest, body: typeof request.raw) => {
      const properties = schemaOf(request)
      await assertAllowed?.(request)
      await files.diskSpace.assertEnough()
      const form = await readMultipart(request.headers, body, {
        directory: files.temporaryDirectory,
        maxFileSize: largest,
        isField: (name) => Object.hasOwn(properties, name),
        async admit(bytes) {
          await files.diskSpace.assertEnough()
          count(request, bytes)
        },
      })
      request.upload = new Upload(form.files, database, files)
      return bodyOf(form.fields, properties)
    },
  )
  // Fastify validates a body only against the schema of its type, and a request without a body has no type.
  scope.addHook('preValidation', async ({ body }) => {
    if (body === undefined) throw invalid('body', 'must be an object', 'wrong_type')
  })
  scope.addHook('onSend', async (request, reply) => {
    await request.upload?.discard()
    if (reply.statusCode !== 201) quota?.giveBack(request, counted.get(request) ?? 0)
  })
}

type Properties = Record<string, { type?: string | string[] }>

function schemaOf(request: FastifyRequest): Properties {
  // biome-ignore lint/suspicious/noExplicitAny: Fastify types it as unknown
  const schema = request.routeOptions.schema?.body as any
  return schema?.content?.['multipart/form-data']?.schema.properties ?? {}
}

function bodyOf(fields: Map<string, string>, properties: Properties): Record<string, unknown> {
  const body: Record<string, unknown> = {}
  for (const [name, text] of fields) {
    const type = properties[name]!.type
    const isJson = type === 'boolean' || type === 'object'
    body[name] = parseStorable(isJson ? text : JSON.stringify(text), name)
  }
  return body
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

  /** The number of files. */
  get count(): number {
    return this.#uploaded.length
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
      return new PendingFiles(this.#database, accountId, rows, inspections)
    } catch (error) {
      throw storageError(error)
    }
  }

  async #inspect(file: UploadedFile, signal: AbortSignal): Promise<Inspection> {
    const inspection = await inspect(file, file.declaredType, this.#files.pictures, signal)
    if (inspection.thumbnail) this.#thumbnails.push(inspection.thumbnail)
    return inspection
  }

  /** Deletes the temporary files. */
  async discard(): Promise<void> {
    for (const { path } of [...this.#uploaded, ...this.#thumbnails])
      await rm(path, { force: true }).catch(() => {})
  }
}

function rowOf(account_id: number, id: number, file: UploadedFile & Inspection & { key: string }): Row {
  const created_at = Date.now()
  const { key, type, size, kind, extension } = file
  const thumbnail = file.thumbnail ? 1 : 0
  const name = displayName(file.name, kind, extension)
  const due_at = created_at + unattachedLifetime
  return { account_id, id, key, type, name, size, thumbnail, due_at, created_at }
}

/** Files in the storage that are not attached to a message yet. */
export class PendingFiles {
  /** The JSON for the column `attachments` of the message. */
  readonly text: string
  readonly #database: Database
  readonly #accountId: number
  readonly #rows: Row[]

  constructor(database: Database, accountId: number, rows: Row[], inspections: Inspection[]) {
    this.#database = database
    this.#accountId = accountId
    this.#rows = rows
    this.text = JSON.stringify(rows.map((row, index) => attachmentOf(row, inspections[index]!)))
  }

  /** Attaches the files to a message. Call it in the transaction of the message. */
  async attach(tx: Queries): Promise<void> {
    if (!(await attachFiles(tx, this.#rows)))
      throw storageError(new Error('the files were deleted before the message was stored'))
  }

  /** Deletes the files soon, because no message needs them. If the database fails, they are deleted after an hour. */
  async release(): Promise<void> {
    const ids = this.#rows.map(({ id }) => id)
    const work = (tx: Queries) => releaseFiles(tx, this.#accountId, ids)
    await this.#database.transaction(this.#accountId, work).catch(() => {})
  }
}

function attachmentOf(
  { id, key, name, size, thumbnail }: Row,
  { kind, width, height }: Inspection,
): StoredAttachment {
  return { id, key, file_type: kind, file_name: name, file_size: size, thumbnail, width, height }
}

/** Sets the address that links to files begin with. */
export function prepareLinks({ database, config }: Context): Promise<void> {
  return database.transaction(null, (tx) => setLinkBase(tx, config.filesPublicUrl ?? config.publicUrl))
}
