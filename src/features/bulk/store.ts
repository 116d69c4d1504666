import type { Updateable } from 'kysely'
import type { Queries } from '../../db/database.ts'
import type { Tables } from '../../db/tables.ts'

export type Row = Tables['bulk_actions']
export type Key = Pick<Row, 'account_id' | 'id'>
type Target = Tables['bulk_action_targets']
type Count = 'done_count' | 'failed_count' | 'undone_count' | 'kept_count'

export function findBulkAction(queries: Queries, key: Key): Promise<Row | undefined> {
  const all = queries.sql.selectFrom('bulk_actions').selectAll().where('account_id', '=', key.account_id)
  return all.where('id', '=', key.id).executeTakeFirst()
}

/** The latest bulk actions of a user. */
export function selectOfAuthor(queries: Queries, accountId: number, authorId: number, limit: number) {
  const all = queries.sql.selectFrom('bulk_actions').selectAll().where('account_id', '=', accountId)
  return all.where('author_id', '=', authorId).orderBy('id', 'desc').limit(limit).execute()
}

/** Returns bulk actions of all accounts that have something to do, the one first that has waited longest. */
export function selectActive(queries: Queries, limit: number): Promise<Row[]> {
  const all = queries.sql.selectFrom('bulk_actions').selectAll().where('finished_at', 'is', null)
  return all.orderBy('updated_at').limit(limit).execute()
}

export function findFinishedBefore(queries: Queries, time: number): Promise<Key | undefined> {
  const all = queries.sql.selectFrom('bulk_actions').select(['account_id', 'id'])
  const finished = all.where('finished_at', 'is not', null).where('finished_at', '<', time)
  return finished.orderBy('finished_at').limit(1).executeTakeFirst()
}

export async function insertBulkAction(tx: Queries, row: Row): Promise<void> {
  await tx.sql.insertInto('bulk_actions').values(row).execute()
}

export async function updateBulkAction(tx: Queries, key: Key, change: Updateable<Row>): Promise<void> {
  const update = tx.sql.updateTable('bulk_actions').set({ ...change, updated_at: Date.now() })
  await update.where('account_id', '=', key.account_id).where('id', '=', key.id).execute()
}

export async function addToCount(tx: Queries, key: Key, name: Count): Promise<void> {
  const update = tx.sql
    .updateTable('bulk_actions')
    .set((eb) => ({ [name]: eb(name, '+', 1), updated_at: Date.now() }))
  await update.where('account_id', '=', key.account_id).where('id', '=', key.id).execute()
}

/** Adds conversations that still exist. Returns how many they are. */
export async function insertTargets(tx: Queries, { account_id, id }: Key, ids: number[]): Promise<number> {
  if (ids.length === 0) return 0
  const result = await tx.sql
    .insertInto('bulk_action_targets')
    .columns(['account_id', 'bulk_action_id', 'conversation_id', 'status'])
    .expression((eb) =>
      eb
        .selectFrom('conversations')
        .select((one) => [
          'account_id',
          one.val(id).$castTo<number>().as('bulk_action_id'),
          'id as conversation_id',
          one.val('pending' as const).as('status'),
        ])
        .where('account_id', '=', account_id)
        .where('id', 'in', ids),
    )
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return Number(result.numInsertedOrUpdatedRows ?? 0)
}

function targets(queries: Queries, { account_id, id }: Key) {
  const all = queries.sql.selectFrom('bulk_action_targets').where('account_id', '=', account_id)
  return all.where('bulk_action_id', '=', id)
}

export function selectTargets(queries: Queries, key: Key, status: Target['status'], limit: number) {
  const found = targets(queries, key).select(['conversation_id', 'error']).where('status', '=', status)
  return found.orderBy('conversation_id', 'desc').limit(limit).execute()
}

export function findTarget(tx: Queries, key: Key, conversationId: number): Promise<Target | undefined> {
  const all = targets(tx, key).selectAll()
  return all.where('conversation_id', '=', conversationId).executeTakeFirst()
}

export async function updateTarget(
  tx: Queries,
  { account_id, id }: Key,
  conversationId: number,
  change: Updateable<Target>,
): Promise<void> {
  const update = tx.sql.updateTable('bulk_action_targets').set(change).where('account_id', '=', account_id)
  await update.where('bulk_action_id', '=', id).where('conversation_id', '=', conversationId).execute()
}

/** Deletes some conversations of a bulk action, or itself if it has none. */
export async function deleteSome(tx: Queries, key: Key, limit: number): Promise<void> {
  const some = await targets(tx, key).select('conversation_id').limit(limit).execute()
  const { account_id, id } = key
  if (some.length === 0) {
    const rows = tx.sql.deleteFrom('bulk_actions').where('account_id', '=', account_id)
    await rows.where('id', '=', id).execute()
    return
  }
  const ids = some.map(({ conversation_id }) => conversation_id)
  const rows = tx.sql.deleteFrom('bulk_action_targets').where('account_id', '=', account_id)
  await rows.where('bulk_action_id', '=', id).where('conversation_id', 'in', ids).execute()
}
