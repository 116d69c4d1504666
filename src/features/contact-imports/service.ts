import { Readable } from 'node:stream'
import type { Database, Queries } from '../../db/database.ts'
import { nextId } from '../../db/ids.ts'
import { storedName } from '../../files/names.ts'
import type { Files } from '../../files/open.ts'
import type { Actor } from '../../lib/actor.ts'
import { readCsv } from '../../lib/csv.ts'
import { invalid, notFound, Refusal } from '../../lib/errors.ts'
import { csvLine } from '../../lib/text/csv-line.ts'
import { toSeconds } from '../../lib/time.ts'
import { type Upload, withStoredFiles } from '../attachments/service.ts'
import { announceChange } from '../notifications/announcing.ts'
import { endImport } from './ending.ts'
import { fileOf } from './file.ts'
import { readHeader } from './reading.ts'
import { type ContactImport, mostFaults, mostRunning, type NewContactImport } from './schema.ts'
import * as store from './store.ts'

const mostListed = 25
const mostShown = 100

/** Returns the latest imports of the account. */
export async function listContactImports(queries: Queries, { accountId }: Actor): Promise<ContactImport[]> {
  const rows = await store.selectImports(queries, accountId, mostListed)
  return Promise.all(rows.map((row) => toContactImport(queries, row)))
}

/** Throws `not_found`. */
export async function getContactImport(queries: Queries, actor: Actor, id: number): Promise<ContactImport> {
  return toContactImport(queries, await find(queries, actor, id))
}

async function find(queries: Queries, { accountId }: Actor, id: number): Promise<store.Row> {
  const row = await store.findImport(queries, { account_id: accountId, id })
  if (!row) throw notFound('contact import')
  return row
}

/**
 * Begins to import the contacts of a CSV file, in the background. Throws `invalid` if the upload is not one file whose first
 * line has columns of contacts, and `limit_reached`.
 */
export function startContactImport(
  database: Database,
  { storage }: Files,
  { accountId, userId }: Actor,
  { dry_run }: NewContactImport,
  upload: Upload | undefined,
): Promise<ContactImport> {
  if (upload?.count !== 1) throw invalid('attachments[]', 'must be one CSV file', 'required')
  return withStoredFiles(accountId, upload, async (pending) => {
    const attachments = pending!.text!
    const { columns, position, line } = await readHeader(storage, accountId, fileOf({ attachments }))
    return database.transaction(accountId, async (tx) => {
      const latest = await store.selectImports(tx, accountId, mostListed)
      if (latest.filter(({ finished_at }) => finished_at === null).length >= mostRunning)
        throw new Refusal('limit_reached', `${mostRunning} imports are running: wait for one`)
      const now = Date.now()
      const id = await nextId(tx, accountId, 'contact_imports')
      const row: store.Row = {
        ...{ account_id: accountId, id, author_id: userId, attachments, columns: JSON.stringify(columns) },
        ...{ dry_run: dry_run ? 1 : 0, position, line, status: 'running', error: null },
        ...{ stored_count: 0, known_count: 0, refused_count: 0 },
        ...{ finished_at: null, created_at: now, updated_at: now },
      }
      await store.insertImport(tx, row)
      await pending!.attach(tx)
      return toContactImport(tx, row)
    })
  })
}

/** Stops an import, if it has not ended; what it has stored stays. Throws `not_found`. */
export async function stopContactImport(
  database: Database,
  actor: Actor,
  id: number,
): Promise<ContactImport> {
  const { accountId, userId } = actor
  const { row, notificationId } = await database.transaction(accountId, async (tx) => {
    const row = await find(tx, actor, id)
    const isRunning = row.status === 'running'
    const notificationId = isRunning ? await endImport(tx, row, { status: 'stopped' }, userId) : undefined
    return { row: await find(tx, actor, id), notificationId }
  })
  if (notificationId !== undefined) announceChange(database, accountId, row.author_id, notificationId)
  return toContactImport(database.read, row)
}

/**
 * Returns the lines that were refused as a stream of CSV, as they are in the file, with their errors in a column of their
 * own. Throws `not_found`.
 */
export async function refusedLines(
  queries: Queries,
  { storage }: Files,
  actor: Actor,
  id: number,
): Promise<Readable> {
  const row = await find(queries, actor, id)
  const faults = await store.selectFaults(queries, row, mostFaults)
  const errors = new Map(faults.map(({ line, error }) => [line, error]))
  const file = await storage.get(storedName(row.account_id, fileOf(row).key))
  return Readable.from(linesOf(file, JSON.parse(row.columns), errors), { objectMode: false })
}

async function* linesOf(file: Readable, columns: string[], errors: Map<number, string>) {
  yield csvLine([...columns, 'error'])
  for await (const { line, fields } of readCsv(file)) {
    const error = errors.get(line)
    if (error === undefined) continue
    errors.delete(line)
    const cells = Array.from({ length: Math.max(columns.length, fields.length) }, (_, at) => fields[at] ?? '')
    yield csvLine([...cells, error])
    if (errors.size === 0) return
  }
}

async function toContactImport(queries: Queries, row: store.Row): Promise<ContactImport> {
  const { id, author_id, status, error, position, created_at, updated_at } = row
  const { stored_count, known_count, refused_count } = row
  const { file_name, file_size } = fileOf(row)
  return {
    ...{ id, author_id, file_name, dry_run: row.dry_run === 1, status, error },
    ...{ read_bytes: position, total_bytes: file_size },
    ...{ stored_count, known_count, refused_count },
    refused: refused_count > 0 ? await store.selectFaults(queries, row, mostShown) : [],
    created_at: toSeconds(created_at),
    updated_at: toSeconds(updated_at),
  }
}
