import type { FastifyBaseLogger } from 'fastify'
import type { Database, Queries } from '../../db/database.ts'
import { storedName } from '../../files/names.ts'
import { type ByteRange, type Storage, StorageError } from '../../files/storage.ts'
import type { Context } from '../../http/feature.ts'
import { isUnavailable, Refusal } from '../../lib/errors.ts'
import { every, logErrors, type Running } from '../../lib/loop.ts'
import { restSince } from '../../lib/rest.ts'
import { readContactsFrom } from '../import-export/contact-file.ts'
import { ContactImport } from '../import-export/contacts.ts'
import { Inboxes } from '../import-export/run.ts'
import { announceChange } from '../notifications/announcing.ts'
import { roleOf } from '../users/service.ts'
import { endImport } from './ending.ts'
import { fileOf } from './file.ts'
import { keptTime, mostFaults } from './schema.ts'
import * as store from './store.ts'
import { UnreadableFiles } from './unreadable.ts'

// Milliseconds between two looks at the database while nothing is running.
const interval = 500
const mostAtOnce = 20
// Of a file, in one step: lines, and bytes that end it earlier, so that long lines do not fill the memory.
const readAtOnce = 250
const bytesAtOnce = 256 * 1024
// Lines in a transaction, for which others wait.
const storedAtOnce = 25
const longestError = 1000
const deletedAtOnce = 1000

type Line = Awaited<ReturnType<typeof readSome>>[number]

/**
 * Runs imports in steps, also those that were running when a server ended. Each transaction stores contacts together with
 * how far the file was read, and does nothing if another server was faster: so each line is imported once.
 */
export function startContactImports(context: Context, logger: FastifyBaseLogger): Running {
  const { database } = context
  const unreadable = new UnreadableFiles()
  const stepAll = async (signal: AbortSignal) => {
    const active = await store.selectActive(database.read, mostAtOnce)
    if (active.length === 0) unreadable.clear()
    const due = active.filter((row) => unreadable.isDue(row))
    for (const row of due) {
      if (!signal.aborted) await stepOrFail(context, row, signal, logger, unreadable)
    }
    const old = await store.findFinishedBefore(database.read, Date.now() - keptTime)
    if (old) await database.transaction(old.account_id, (tx) => store.deleteSome(tx, old, deletedAtOnce))
    return due.length > 0 || old ? 1 : undefined
  }
  return every(interval, stepAll, { onError: logErrors(logger, 'contact imports failed, will try again') })
}

async function stepOrFail(
  context: Context,
  row: store.Row,
  signal: AbortSignal,
  logger: FastifyBaseLogger,
  unreadable: UnreadableFiles,
): Promise<void> {
  try {
    await step(context, row, signal)
  } catch (error) {
    if (isUnavailable(error)) throw error
    if (error instanceof StorageError && unreadable.postpone(row)) {
      logger.error({ err: error }, 'the file of a contact import cannot be read, will try again')
      // Its new time puts it behind the others, so that many of them do not hold up the rest.
      return ifUnchanged(context.database, row, (tx) => store.updateImport(tx, row, {}))
    }
    if (!(error instanceof Refusal)) logger.error({ err: error }, 'a contact import has failed')
    await finish(context.database, row, { status: 'failed', error: reasonOf(error) })
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof Refusal) return error.message
  const reason = error instanceof StorageError ? 'the file cannot be read' : 'internal error'
  return `${reason}: see the log of the server`
}

async function step(context: Context, row: store.Row, signal: AbortSignal): Promise<void> {
  const { database } = context
  // Whoever is no longer an administrator can no longer import.
  if ((await roleOf(database.read, row.account_id, row.author_id)) !== 'administrator')
    return finish(database, row, { status: 'stopped' })
  const lines = await readSome(context, row)
  if (lines.length === 0) return finish(database, row, { status: 'done', position: fileOf(row).file_size })
  const inboxes = await Inboxes.of(database.read, row.account_id, undefined)
  const dryRun = row.dry_run === 1
  const run = {
    database,
    accountId: row.account_id,
    inboxId: undefined,
    dryRun,
    inboxes,
    rest: async () => {},
  }
  const importing = new ContactImport(run)
  let { position } = row
  for (let at = 0; at < lines.length && !signal.aborted; at += storedAtOnce) {
    const began = performance.now()
    const next = await storeLines(database, row, importing, lines.slice(at, at + storedAtOnce), position)
    if (next === undefined) return
    position = next
    await restSince(began)
  }
}

/** Reads the next lines of the file. */
async function readSome({ files }: Context, row: store.Row) {
  const { key, file_size } = fileOf(row)
  const { position, line } = row
  if (position >= file_size) return []
  const name = storedName(row.account_id, key)
  const chunks = bytesOf(files.storage, name, { start: position, end: file_size - 1 })
  const lines = []
  for await (const { next, ...one } of readContactsFrom(
    chunks,
    { position, line },
    JSON.parse(row.columns),
  )) {
    lines.push({ one, next: next ?? { position: file_size, line: one.line } })
    if (lines.length === readAtOnce || lines.at(-1)!.next.position - position >= bytesAtOnce) break
  }
  return lines
}

/** Reads a part of a file. Throws StorageError also if the disk fails, or the connection breaks in the middle. */
async function* bytesOf(storage: Storage, name: string, range: ByteRange): AsyncGenerator<Buffer> {
  try {
    yield* await storage.get(name, range)
  } catch (error) {
    if (error instanceof Refusal || error instanceof StorageError) throw error
    throw new StorageError(`reading a file has failed: ${(error as Error).message}`, { cause: error })
  }
}

/**
 * Imports lines, and stores what follows them, in one transaction. Returns the position after them; undefined if the import
 * is no longer at `position`, or was stopped.
 */
function storeLines(
  database: Database,
  key: store.Key & { dry_run: number },
  importing: ContactImport,
  lines: Line[],
  position: number,
): Promise<number | undefined> {
  return database.transaction(key.account_id, async (tx) => {
    const now = await store.findImport(tx, key)
    if (now?.status !== 'running' || now.position !== position) return undefined
    const all = lines.map(({ one }) => one)
    const { faults, counts } = await importing.batchIn(tx, all, key.dry_run === 0)
    const { stored, known } = counts.contacts!
    const room = Math.max(0, mostFaults - now.refused_count)
    const kept = faults.sort((one, other) => one.line - other.line).slice(0, room)
    await store.insertFaults(
      tx,
      key,
      kept.map(({ line, sentence }) => ({ line, error: sentence.slice(0, longestError) })),
    )
    const { next } = lines.at(-1)!
    await store.updateImport(tx, key, {
      ...next,
      stored_count: now.stored_count + stored,
      known_count: now.known_count + known,
      refused_count: now.refused_count + faults.length,
    })
    return next.position
  })
}

async function finish(
  database: Database,
  row: store.Row,
  end: Parameters<typeof endImport>[2],
): Promise<void> {
  const notificationId = await ifUnchanged(database, row, (tx, now) => endImport(tx, now, end))
  if (notificationId !== undefined) announceChange(database, row.account_id, row.author_id, notificationId)
}

/** Does something in a transaction, unless the import has gone on or ended meanwhile. */
function ifUnchanged<T>(
  database: Database,
  row: store.Row,
  work: (tx: Queries, now: store.Row) => Promise<T>,
): Promise<T | undefined> {
  return database.transaction(row.account_id, async (tx) => {
    const now = await store.findImport(tx, row)
    return now?.status === 'running' && now.position === row.position ? work(tx, now) : undefined
  })
}
