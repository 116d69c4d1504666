import type { Database, Queries } from '../../db/database.ts'
import { nextId } from '../../db/ids.ts'
import type { Actor } from '../../lib/actor.ts'
import { invalid, notFound, Refusal } from '../../lib/errors.ts'
import { toSeconds } from '../../lib/time.ts'
import { assertActions } from '../actions/schema.ts'
import { idsOfFiltered } from '../conversations/filtered-list.ts'
import { getView } from '../views/service.ts'
import { type BulkAction, mostNamed, mostRunning, type NewBulkAction, undoTime } from './schema.ts'
import * as store from './store.ts'

const mostListed = 25
const mostFailures = 20

/** Returns the latest bulk actions of the actor. */
export async function listBulkActions(queries: Queries, { accountId, userId }: Actor): Promise<BulkAction[]> {
  const rows = await store.selectOfAuthor(queries, accountId, userId, mostListed)
  return Promise.all(rows.map((row) => toBulkAction(queries, row)))
}

/** Returns a bulk action of the actor, or of anybody for an administrator. Throws `not_found`. */
export async function getBulkAction(queries: Queries, actor: Actor, id: number): Promise<BulkAction> {
  return toBulkAction(queries, await find(queries, actor, id))
}

async function find(queries: Queries, { accountId, userId, role }: Actor, id: number): Promise<store.Row> {
  const row = await store.findBulkAction(queries, { account_id: accountId, id })
  if (!row || (row.author_id !== userId && role !== 'administrator')) throw notFound('bulk action')
  return row
}

/**
 * Begins to run actions on conversations, in the background. Throws `invalid` for parameters that do not fit their action,
 * `not_found` for a view or a conversation that the actor does not see, and `limit_reached`.
 */
export async function startBulkAction(
  database: Database,
  actor: Actor,
  { conversation_ids, view_id, actions }: NewBulkAction,
): Promise<BulkAction> {
  const { accountId, userId } = actor
  assertActions(actions)
  if (conversation_ids === undefined && view_id === undefined)
    throw invalid('conversation_ids', 'is required, or view_id', 'required')
  const named = conversation_ids && (await visible(database, actor, conversation_ids))
  const view = view_id === undefined ? undefined : await getView(database.read, actor, view_id)
  return database.transaction(accountId, async (tx) => {
    const latest = await store.selectOfAuthor(tx, accountId, userId, mostListed)
    if (latest.filter(({ finished_at }) => finished_at === null).length >= mostRunning)
      throw new Refusal('limit_reached', `${mostRunning} bulk actions of yours are running: wait for one`)
    const now = Date.now()
    const key = { account_id: accountId, id: await nextId(tx, accountId, 'bulk_actions') }
    await store.insertBulkAction(tx, {
      ...{ ...key, author_id: userId, view_id: view_id ?? null, actions: JSON.stringify(actions) },
      filter: view ? JSON.stringify(view.filter) : null,
      collect_before: Number.MAX_SAFE_INTEGER,
      status: view ? 'collecting' : 'running',
      ...{ total: 0, capped: 0, done_count: 0, failed_count: 0, undone_count: 0, kept_count: 0 },
      ...{ finished_at: null, created_at: now, updated_at: now },
    })
    if (named) await store.updateBulkAction(tx, key, { total: await store.insertTargets(tx, key, named) })
    return getBulkAction(tx, actor, key.id)
  })
}

/** Returns the ids of conversations, once each. Throws `not_found` if the actor does not see one of them. */
async function visible(database: Database, actor: Actor, given: number[]): Promise<number[]> {
  const values = [...new Set(given)]
  const named = { attribute_key: 'display_id', filter_operator: 'equal_to' as const, values }
  const { ids } = await idsOfFiltered(database.longReads, actor, [named], mostNamed)
  if (ids.length < values.length) throw notFound('conversation')
  return ids
}

/** Stops a bulk action, if it has not ended; what it has done stays. Throws `not_found`. */
export function stopBulkAction(database: Database, actor: Actor, id: number): Promise<BulkAction> {
  return database.transaction(actor.accountId, async (tx) => {
    const { account_id, status } = await find(tx, actor, id)
    if (status === 'collecting' || status === 'running')
      await store.updateBulkAction(tx, { account_id, id }, { status: 'stopped', finished_at: Date.now() })
    return getBulkAction(tx, actor, id)
  })
}

/**
 * Stops a bulk action, and begins to undo what it has done, except in conversations in which something has changed since.
 * Throws `not_found`, `forbidden` for that of another user, `conflict` if it was undone already, and `stale`.
 */
export function undoBulkAction(database: Database, actor: Actor, id: number): Promise<BulkAction> {
  return database.transaction(actor.accountId, async (tx) => {
    const { account_id, author_id, status, finished_at } = await find(tx, actor, id)
    if (author_id !== actor.userId)
      throw new Refusal('forbidden', 'only the user who ran a bulk action may undo it')
    if (status === 'undoing' || status === 'undone')
      throw new Refusal('conflict', 'the bulk action was already undone')
    if (finished_at !== null && Date.now() > finished_at + undoTime)
      throw new Refusal('stale', 'it is too late to undo the bulk action')
    await store.updateBulkAction(tx, { account_id, id }, { status: 'undoing', finished_at: null })
    return getBulkAction(tx, actor, id)
  })
}

async function toBulkAction(queries: Queries, row: store.Row): Promise<BulkAction> {
  const { id, author_id, view_id, status, total, finished_at, created_at, updated_at } = row
  const { done_count, failed_count, undone_count, kept_count } = row
  const failed = failed_count > 0 ? await store.selectTargets(queries, row, 'failed', mostFailures) : []
  const isUndoable = status === 'done' || status === 'stopped'
  return {
    ...{ id, author_id, view_id, actions: JSON.parse(row.actions), status, total },
    capped: row.capped === 1,
    ...{ done_count, failed_count, undone_count, kept_count },
    failures: failed.map(({ conversation_id, error }) => ({ conversation_id, error: error ?? '' })),
    undoable_until: isUndoable ? toSeconds(finished_at! + undoTime) : null,
    created_at: toSeconds(created_at),
    updated_at: toSeconds(updated_at),
  }
}
