import type { Updateable } from 'kysely'
import type { Queries } from '../../db/database.ts'
import type { Tables } from '../../db/tables.ts'

export type Row = Tables['macros']
export type RunRow = Tables['macro_runs']
export type Key = Pick<Row, 'account_id' | 'id'>

function visibleTo(queries: Queries, accountId: number, userId: number) {
  return queries.sql
    .selectFrom('macros')
    .selectAll()
    .where('account_id', '=', accountId)
    .where((eb) => eb.or([eb('user_id', 'is', null), eb('user_id', '=', userId)]))
}

/** The macros that a user sees, by name. Their number is limited. */
export function selectMacros(queries: Queries, accountId: number, userId: number): Promise<Row[]> {
  return visibleTo(queries, accountId, userId).orderBy('name').orderBy('id').execute()
}

export function findMacro(queries: Queries, key: Key, userId: number): Promise<Row | undefined> {
  return visibleTo(queries, key.account_id, userId).where('id', '=', key.id).executeTakeFirst()
}

/** How many macros only this user sees, or everybody if it is null. */
export async function countMacros(tx: Queries, accountId: number, userId: number | null): Promise<number> {
  const row = await tx.sql
    .selectFrom('macros')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('account_id', '=', accountId)
    .where('user_id', userId === null ? 'is' : '=', userId)
    .executeTakeFirstOrThrow()
  return row.count
}

export async function insertMacro(tx: Queries, row: Row): Promise<void> {
  await tx.sql.insertInto('macros').values(row).execute()
}

export async function updateMacro(tx: Queries, key: Key, change: Updateable<Row>): Promise<void> {
  const update = tx.sql.updateTable('macros').set(change)
  await update.where('account_id', '=', key.account_id).where('id', '=', key.id).execute()
}

export async function deleteMacro(tx: Queries, key: Key): Promise<void> {
  await tx.sql
    .deleteFrom('macros')
    .where('account_id', '=', key.account_id)
    .where('id', '=', key.id)
    .execute()
}

export async function insertRun(tx: Queries, row: RunRow): Promise<void> {
  await tx.sql.insertInto('macro_runs').values(row).execute()
}

export function findRun(queries: Queries, key: Key): Promise<RunRow | undefined> {
  return queries.sql
    .selectFrom('macro_runs')
    .selectAll()
    .where('account_id', '=', key.account_id)
    .where('id', '=', key.id)
    .executeTakeFirst()
}

export async function setUndone(tx: Queries, key: Key, undone_at: number): Promise<void> {
  const update = tx.sql.updateTable('macro_runs').set({ undone_at })
  await update.where('account_id', '=', key.account_id).where('id', '=', key.id).execute()
}

/** Deletes the runs of a conversation that can no longer be undone. */
export async function deleteOldRuns(
  tx: Queries,
  accountId: number,
  conversationId: number,
  before: number,
): Promise<void> {
  await tx.sql
    .deleteFrom('macro_runs')
    .where('account_id', '=', accountId)
    .where('conversation_id', '=', conversationId)
    .where('created_at', '<', before)
    .execute()
}

/** The texts of messages, in the order of their ids. */
export async function selectContents(tx: Queries, accountId: number, conversationId: number, ids: number[]) {
  if (ids.length === 0) return []
  const rows = await tx.sql
    .selectFrom('messages')
    .select(['content', 'private'])
    .where('account_id', '=', accountId)
    .where('conversation_id', '=', conversationId)
    .where('id', 'in', ids)
    .orderBy('id')
    .execute()
  return rows.map((row) => ({ content: row.content ?? '', private: row.private === 1 }))
}
