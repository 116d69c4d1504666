import type { Queries } from '../../db/database.ts'
import type { Tables } from '../../db/tables.ts'

export type Row = Tables['drafts']
export type Key = Pick<Row, 'account_id' | 'conversation_id' | 'user_id'>

export function findDraft(queries: Queries, key: Key): Promise<Row | undefined> {
  return queries.sql
    .selectFrom('drafts')
    .selectAll()
    .where('account_id', '=', key.account_id)
    .where('conversation_id', '=', key.conversation_id)
    .where('user_id', '=', key.user_id)
    .executeTakeFirst()
}

export async function upsertDraft(tx: Queries, row: Row): Promise<void> {
  const { account_id, conversation_id, user_id, ...values } = row
  await tx.sql
    .insertInto('drafts')
    .values(row)
    .onConflict((conflict) =>
      conflict.columns(['account_id', 'conversation_id', 'user_id']).doUpdateSet(values),
    )
    .execute()
}

/** Deletes a draft unless it is newer than `version`. Returns whether there was one. */
export async function deleteDraft(tx: Queries, key: Key, version: number): Promise<boolean> {
  const { numDeletedRows } = await tx.sql
    .deleteFrom('drafts')
    .where('account_id', '=', key.account_id)
    .where('conversation_id', '=', key.conversation_id)
    .where('user_id', '=', key.user_id)
    .where('version', '<=', version)
    .executeTakeFirst()
  return numDeletedRows > 0n
}
