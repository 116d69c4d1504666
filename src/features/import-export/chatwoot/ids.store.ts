import type { Queries } from '../../../db/database.ts'
import { inserter } from '../../../db/rows.ts'
import type { Tables } from '../../../db/tables.ts'

export type ImportRow = Tables['chatwoot_imports']
type Key = Pick<ImportRow, 'account_id' | 'kind'>

export function findImport(queries: Queries, { account_id, kind }: Key): Promise<ImportRow | undefined> {
  const rows = queries.sql.selectFrom('chatwoot_imports').selectAll().where('account_id', '=', account_id)
  return rows.where('kind', '=', kind).executeTakeFirst()
}

export async function saveImport(tx: Queries, row: ImportRow): Promise<void> {
  const { last_id, changed_since, reserved } = row
  await tx.sql
    .insertInto('chatwoot_imports')
    .values(row)
    .onConflict((conflict) =>
      conflict.columns(['account_id', 'kind']).doUpdateSet({ last_id, changed_since, reserved }),
    )
    .execute()
}

export async function setLastId(tx: Queries, { account_id, kind }: Key, last_id: number): Promise<void> {
  const rows = tx.sql.updateTable('chatwoot_imports').set({ last_id }).where('account_id', '=', account_id)
  await rows.where('kind', '=', kind).where('last_id', '<', last_id).execute()
}

/** The ids here of those of these rows that have another one in Chatwoot. */
export async function selectIds(
  queries: Queries,
  { account_id, kind }: Key,
  chatwootIds: number[],
): Promise<Map<number, number>> {
  if (chatwootIds.length === 0) return new Map()
  const rows = await queries.sql
    .selectFrom('chatwoot_ids')
    .select(['chatwoot_id', 'id'])
    .where('account_id', '=', account_id)
    .where('kind', '=', kind)
    .where('chatwoot_id', 'in', chatwootIds)
    .execute()
  return new Map(rows.map(({ chatwoot_id, id }) => [chatwoot_id, id]))
}

export const insertIds = inserter('chatwoot_ids', {
  account_id: 'bigint',
  kind: 'text',
  chatwoot_id: 'bigint',
  id: 'bigint',
})
