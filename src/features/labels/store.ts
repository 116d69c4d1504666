import type { Updateable } from 'kysely'
import type { Queries } from '../../db/database.ts'
import type { Tables } from '../../db/tables.ts'
import { toSeconds } from '../../lib/time.ts'
import type { Label } from './schema.ts'

type Row = Tables['labels']

export async function selectLabels(queries: Queries, accountId: number): Promise<Label[]> {
  const all = queries.sql.selectFrom('labels').selectAll()
  const rows = await all.where('account_id', '=', accountId).orderBy('title').execute()
  return rows.map(toLabel)
}

export async function findLabel(queries: Queries, accountId: number, id: number): Promise<Label | undefined> {
  const all = queries.sql.selectFrom('labels').selectAll()
  const row = await all.where('account_id', '=', accountId).where('id', '=', id).executeTakeFirst()
  return row && toLabel(row)
}

/** Returns the ids of the labels with these titles, by title. Unknown titles are left out. */
export async function selectLabelIds(
  queries: Queries,
  accountId: number,
  titles: string[],
): Promise<Map<string, number>> {
  if (titles.length === 0) return new Map()
  const rows = await queries.sql
    .selectFrom('labels')
    .select(['id', 'title'])
    .where('account_id', '=', accountId)
    .where('title', 'in', titles)
    .execute()
  return new Map(rows.map(({ id, title }) => [title, id]))
}

export async function insertLabel(tx: Queries, row: Row): Promise<void> {
  await tx.sql.insertInto('labels').values(row).execute()
}

export async function updateLabel(
  tx: Queries,
  accountId: number,
  id: number,
  change: Updateable<Row>,
): Promise<void> {
  const update = tx.sql.updateTable('labels').set(change)
  await update.where('account_id', '=', accountId).where('id', '=', id).execute()
}

/** Deletes a label. The foreign key removes it from its conversations. */
export async function deleteLabel(tx: Queries, accountId: number, id: number): Promise<void> {
  await tx.sql.deleteFrom('labels').where('account_id', '=', accountId).where('id', '=', id).execute()
}

function toLabel({ id, title, description, color, show_on_sidebar, created_at }: Row): Label {
  return {
    id,
    title,
    description,
    color,
    show_on_sidebar: show_on_sidebar === 1,
    created_at: toSeconds(created_at),
  }
}
