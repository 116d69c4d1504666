import { rm } from 'node:fs/promises'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Database, Queries } from '../../db/database.ts'
import { reserveIds } from '../../db/ids.ts'
import { unavailable } from '../../files/arriving.ts'
import { type Inspected, inspect } from '../../files/inspect.ts'
import { newKey, shownName, storedName, thumbnailName } from '../../files/names.ts'
import type { Files } from '../../files/open.ts'
import type { LocalFile } from '../../files/storage.ts'
import { parseStorable } from '../../http/body.ts'
import type { Context } from '../../http/feature.ts'
import type { Server } from '../../http/server.ts'
import { invalid } from '../../lib/errors.ts'
import { type Arrived, readMultipart } from './multipart.ts'
import { holdFiles, insertFiles, type Kept, type Row, releaseFiles, setLinkBase } from './store.ts'

export { attachmentsOf } from './store.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The files of a multipart body, where `acceptFiles` lets it have some. */
    upload?: Upload
  }
}

// Milliseconds after which a file that no message has taken goes: no request takes as long.
const patience = 3_600_000
// Milliseconds that a message waits for the thumbnails of all its pictures; it is sent without those that are not ready.
const picturePatience = 10_000

/** What the forms of a route may have. */
interface Allowance {
  /** Bytes of one file. */
  largest: number
  /** Counts the bytes of files. Those that are not stored are given back. */
  quota?: ByteQuota
  /** Throws if the sender may not send files there. It is called before the body is read. */
  assertAllowed?: (request: FastifyRequest) => Promise<void>
}

/** Limits the files that may be sent in a time. */
export interface ByteQuota {
  /** Counts the bytes of a request. Throws `too_many` if that is more than is left. */
  take(request: FastifyRequest, bytes: number): void
  giveBack(request: FastifyRequest, bytes: number): void
}

/**
 * Lets the routes of `app`, a scope of its own, take `multipart/form-data` as well as JSON: the same fields, what is a
 * boolean or an object in the route's schema for that type as JSON text, become `request.body`, and the files
 * `request.upload`. Files that the handler has not kept are gone when the request is answered.
 */
export function acceptFiles(app: Server, { files, database }: Context, allowance: Allowance): void {
  const { largest, quota, assertAllowed } = allowance
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
      await files.room.assertRoom()
      const read = await readMultipart(request.headers, body, {
        directory: files.arriving,
        largest,
        known: (field) => Object.hasOwn(properties, field),
        async admit(bytes) {
          await files.room.assertRoom()
          count(request, bytes)
        },
      })
      request.upload = new Upload(read.files, database, files)
      return bodyOf(read.fields, properties)
    },
  )
  // A body of no type meets none of the schemas.
  scope.addHook('preValidation', async ({ body }) => {
    if (body === undefined) throw invalid('body', 'must be an object')
  })
  scope.addHook('onSend', async (request, reply) => {
    await request.upload?.discard()
    if (reply.statusCode !== 201) quota?.giveBack(request, counted.get(request) ?? 0)
  })
}

type Properties = Record<string, { type?: string | string[] }>

function schemaOf(request: FastifyRequest): Properties {
  // biome-ignore lint/suspicious/noExplicitAny: Fastify knows it as anything
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

/** The files that came with a request: on this machine until a message has them. */
export class Upload {
  readonly #arrived: Arrived[]
  readonly #database: Database
  readonly #files: Files
  #thumbnails: LocalFile[] = []

  constructor(arrived: Arrived[], database: Database, files: Files) {
    this.#arrived = arrived
    this.#database = database
    this.#files = files
  }

  get count(): number {
    return this.#arrived.length
  }

  /** What tells these files from others: the name and the SHA-256 of each. */
  get fingerprint(): [string | null, string][] {
    return this.#arrived.map(({ name, sha256 }) => [name ?? null, sha256])
  }

  /**
   * Puts the files into the storage, where they go by themselves unless a message takes them soon. Waits for thumbnails
   * for up to `wait` milliseconds. Throws `unavailable` if the files cannot be stored.
   */
  async keep(accountId: number, wait = picturePatience): Promise<KeptFiles> {
    const { storage } = this.#files
    try {
      const signal = AbortSignal.timeout(wait)
      const inspected: Inspected[] = []
      for (const file of this.#arrived) inspected.push(await this.#inspect(file, signal))
      const files = this.#arrived.map((file, index) => ({ ...file, ...inspected[index]!, key: newKey() }))
      const rows = await this.#database.transaction(accountId, async (tx) => {
        const last = await reserveIds(tx, accountId, 'files', files.length)
        const made = files.map((file, index) => rowOf(accountId, last - files.length + 1 + index, file))
        await insertFiles(tx, made)
        return made
      })
      for (const { key, thumbnail, ...file } of files) {
        const name = storedName(accountId, key)
        await storage.put(name, file)
        if (thumbnail) await storage.put(thumbnailName(name), thumbnail)
      }
      return new KeptFiles(this.#database, accountId, rows, inspected)
    } catch (error) {
      throw unavailable(error)
    }
  }

  async #inspect(file: Arrived, signal: AbortSignal): Promise<Inspected> {
    const inspected = await inspect(file, file.declared, this.#files.pictures, signal)
    if (inspected.thumbnail) this.#thumbnails.push(inspected.thumbnail)
    return inspected
  }

  /** Removes what is still here. */
  async discard(): Promise<void> {
    for (const { path } of [...this.#arrived, ...this.#thumbnails])
      await rm(path, { force: true }).catch(() => {})
  }
}

function rowOf(account_id: number, id: number, file: Arrived & Inspected & { key: string }): Row {
  const created_at = Date.now()
  const { key, type, size, kind, extension } = file
  const thumbnail = file.thumbnail ? 1 : 0
  const name = shownName(file.name, kind, extension)
  return { account_id, id, key, type, name, size, thumbnail, due_at: created_at + patience, created_at }
}

/** Files in the storage that no message has yet. */
export class KeptFiles {
  /** What the message keeps of them, as JSON. */
  readonly text: string
  readonly #database: Database
  readonly #accountId: number
  readonly #rows: Row[]

  constructor(database: Database, accountId: number, rows: Row[], inspected: Inspected[]) {
    this.#database = database
    this.#accountId = accountId
    this.#rows = rows
    this.text = JSON.stringify(rows.map((row, index) => keptOf(row, inspected[index]!)))
  }

  /** In the transaction of the message that takes them. */
  async hold(tx: Queries): Promise<void> {
    if (!(await holdFiles(tx, this.#rows)))
      throw unavailable(new Error('the files were swept before their message'))
  }

  /** No message takes them: they go at once. Where that cannot be written down they go later. */
  async release(): Promise<void> {
    const ids = this.#rows.map(({ id }) => id)
    const work = (tx: Queries) => releaseFiles(tx, this.#accountId, ids)
    await this.#database.transaction(this.#accountId, work).catch(() => {})
  }
}

function keptOf({ id, key, name, size, thumbnail }: Row, { kind, width, height }: Inspected): Kept {
  return { id, key, file_type: kind, file_name: name, file_size: size, thumbnail, width, height }
}

/** Makes links to files begin with the address that people reach them under. */
export function prepareLinks(
  database: Database,
  { publicUrl, filesPublicUrl }: Context['config'],
): Promise<void> {
  return database.transaction(null, (tx) => setLinkBase(tx, filesPublicUrl ?? publicUrl))
}
