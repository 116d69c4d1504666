import type { Queries } from '../../db/database.ts'
import type { Tables } from '../../db/tables.ts'

type Row = Tables['notification_settings']

/** Returns the settings of those of these users who have changed them. */
export async function selectSettings(
  queries: Queries,
  accountId: number,
  userIds: readonly number[],
): Promise<Row[]> {
  if (userIds.length === 0) return []
  const all = queries.sql.selectFrom('notification_settings').selectAll().where('account_id', '=', accountId)
  return all.where('user_id', 'in', userIds).execute()
}

export async function upsertSettings(tx: Queries, row: Row): Promise<void> {
  const { account_id, user_id, ...values } = row
  await tx.sql
    .insertInto('notification_settings')
    .values(row)
    .onConflict((conflict) => conflict.columns(['account_id', 'user_id']).doUpdateSet(values))
    .execute()
}
