import type { FastifyBaseLogger } from 'fastify'
import type { Database, Queries } from '../../db/database.ts'
import { StorageError } from '../../files/storage.ts'
import type { Context } from '../../http/feature.ts'
import { isUnavailable, Refusal } from '../../lib/errors.ts'
import { atLeastEvery, logErrors, type Running } from '../../lib/loop.ts'
import { restSince } from '../../lib/rest.ts'
import { ContactImport } from '../import-export/contacts.ts'
import { Inboxes } from '../import-export/run.ts'
import { announceChange } from '../notifications/announcing.ts'
import { roleOf } from '../users/service.ts'
import { type Check, Checks } from './checks.ts'
import { endImport } from './ending.ts'
import { fileOf } from './file.ts'
import { type Line, readHeader, readSome } from './reading.ts'
import { keptTime, mostFaults } from './schema.ts'
import * as store from './store.ts'
import { UnreadableFiles } from './unreadable.ts'

// Milliseconds between two looks at the database while nothing is running.
const interval = 500
const mostAtOnce = 20
// Lines in a transaction, for which others wait.
const storedAtOnce = 25
const longestError = 1000
const deletedAtOnce = 1000

/** What this process knows of imports that are not done. */
interface Waiting {
  unreadable: UnreadableFiles
  checks: Checks
}

/**
 * Runs imports in steps, also those that were running when a server ended. Each transaction stores contacts together with
 * how far the file was read, and does nothing if another server was faster: so each line is imported once.
 */
export function startContactImports(context: Context, logger: FastifyBaseLogger): Running {
  const { database } = context
  const waiting: Waiting = { unreadable: new UnreadableFiles(), checks: new Checks() }
  const stepAll = async (signal: AbortSignal) => {
    const active = await store.selectActive(database.read, mostAtOnce)
    if (active.length === 0) waiting.unreadable.clear()
    if (active.length < mostAtOnce) waiting.checks.keepOnly(active)
    const due = waiting.checks.thatFit(active.filter((row) => waiting.unreadable.isDue(row)))
    for (const row of due) {
      if (!signal.aborted) await stepOrFail(context, row, signal, logger, waiting)
    }
    const old = await store.findFinishedBefore(database.read, Date.now() - keptTime)
    if (old) await database.transaction(old.account_id, (tx) => store.deleteSome(tx, old, deletedAtOnce))
    return due.length > 0 || old ? 1 : undefined
  }
  return atLeastEvery(interval, stepAll, {
    onError: logErrors(logger, 'contact imports failed, will try again'),
  })
}

async function stepOrFail(
  context: Context,
  row: store.Row,
  signal: AbortSignal,
  logger: FastifyBaseLogger,
  { unreadable, checks }: Waiting,
): Promise<void> {
  try {
    await step(context, row, signal, checks)
  } catch (error) {
    if (isUnavailable(error)) throw error
    if (error instanceof StorageError && unreadable.postpone(row)) {
      logger.error({ err: error }, 'the file of a contact import cannot be read, will try again')
      // Its new time puts it behind the others, so that many of them do not hold up the rest.
      return ifUnchanged(context.database, row, (tx) => store.updateImport(tx, row, {}))
    }
    if (!(error instanceof Refusal)) logger.error({ err: error }, 'a contact import has failed')
    await finish(context.database, row, checks, { status: 'failed', error: reasonOf(error) })
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof Refusal) return error.message
  const reason = error instanceof StorageError ? 'the file cannot be read' : 'internal error'
  return `${reason}: see the log of the server`
}

async function step(context: Context, row: store.Row, signal: AbortSignal, checks: Checks): Promise<void> {
  const { database, files } = context
  // Whoever is no longer an administrator can no longer import.
  if ((await roleOf(database.read, row.account_id, row.author_id)) !== 'administrator')
    return finish(database, row, checks, { status: 'stopped' })
  const check = row.dry_run === 1 ? await checks.of(row, () => beginCheck(context, row)) : undefined
  if (check && check.position < row.position) return catchUp(context, row, check)
  const lines = await readSome(files.storage, row, row)
  if (lines.length === 0)
    return finish(database, row, checks, { status: 'done', position: fileOf(row).file_size })
  const importing = check?.importing ?? (await importingOf(database, row))
  let { position } = row
  for (let at = 0; at < lines.length && !signal.aborted; at += storedAtOnce) {
    const began = performance.now()
    const some = lines.slice(at, at + storedAtOnce)
    const next = await storeLines(database, row, importing, some, position)
    if (next === undefined) return
    if (check) Object.assign(check, some.at(-1)!.next)
    position = next
    await restSince(began)
  }
}

async function importingOf(database: Database, row: store.Row): Promise<ContactImport> {
  const { account_id: accountId } = row
  const inboxes = await Inboxes.of(database.read, accountId, undefined)
  const dryRun = row.dry_run === 1
  return new ContactImport({ database, accountId, inboxId: undefined, dryRun, inboxes, rest: async () => {} })
}

async function beginCheck({ database, files }: Context, row: store.Row): Promise<Check> {
  const { position, line } = await readHeader(files.storage, row.account_id, fileOf(row))
  return { importing: await importingOf(database, row), position, line }
}

/**
 * Lets a check know some of the lines that it has counted already: in another process, or before this one was started.
 */
async function catchUp({ files }: Context, row: store.Row, check: Check): Promise<void> {
  const lines = await readSome(files.storage, row, check)
  const counted = lines.filter(({ next }) => next.position <= row.position)
  for (let at = 0; at < counted.length; at += storedAtOnce) {
    const began = performance.now()
    const some = counted.slice(at, at + storedAtOnce)
    await check.importing.batch(some.map(({ one }) => one))
    Object.assign(check, some.at(-1)!.next)
    await restSince(began)
  }
}

/**
 * Imports lines, and stores what follows them, in one transaction. Returns the position after them; undefined if the import
 * is no longer at `position`, or was stopped.
 */
async function storeLines(
  database: Database,
  key: store.Key & { dry_run: number },
  importing: ContactImport,
  lines: Line[],
  position: number,
): Promise<number | undefined> {
  const next = await database.transaction(key.account_id, async (tx) => {
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
  if (next !== undefined) importing.remember()
  return next
}

async function finish(
  database: Database,
  row: store.Row,
  checks: Checks,
  end: Parameters<typeof endImport>[2],
): Promise<void> {
  const notificationId = await ifUnchanged(database, row, (tx, now) => endImport(tx, now, end))
  // `keepOnly` does nothing while there are many imports.
  checks.forget(row)
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
