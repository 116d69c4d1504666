import type { Updateable } from 'kysely'
import type { Queries } from '../../db/database.ts'
import type { Tables } from '../../db/tables.ts'

export type Row = Tables['views']
export type Key = Pick<Row, 'account_id' | 'id'>

function visibleTo(queries: Queries, accountId: number, userId: number) {
  return queries.sql
    .selectFrom('views')
    .selectAll()
    .where('account_id', '=', accountId)
    .where((eb) => eb.or([eb('user_id', 'is', null), eb('user_id', '=', userId)]))
}

/** The views that a user sees, by name. Their number is limited. */
export function selectViews(queries: Queries, accountId: number, userId: number): Promise<Row[]> {
  return visibleTo(queries, accountId, userId).orderBy('name').orderBy('id').execute()
}

export function findView(queries: Queries, key: Key, userId: number): Promise<Row | undefined> {
  return visibleTo(queries, key.account_id, userId).where('id', '=', key.id).executeTakeFirst()
}

/** How many views only this user sees, or everybody if it is null. */
export async function countViews(tx: Queries, accountId: number, userId: number | null): Promise<number> {
  const row = await tx.sql
    .selectFrom('views')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('account_id', '=', accountId)
    .where('user_id', userId === null ? 'is' : '=', userId)
    .executeTakeFirstOrThrow()
  return row.count
}

export async function insertView(tx: Queries, row: Row): Promise<void> {
  await tx.sql.insertInto('views').values(row).execute()
}

export async function updateView(tx: Queries, key: Key, change: Updateable<Row>): Promise<void> {
  const update = tx.sql.updateTable('views').set(change)
  await update.where('account_id', '=', key.account_id).where('id', '=', key.id).execute()
}

export async function deleteView(tx: Queries, key: Key): Promise<void> {
  const views = tx.sql.deleteFrom('views').where('account_id', '=', key.account_id)
  await views.where('id', '=', key.id).execute()
}
