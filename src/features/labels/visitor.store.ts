import type { Queries } from '../../db/database.ts'

interface InboxKey {
  account_id: number
  inbox_id: number
}

/** The titles of the labels that the contacts of an inbox may set, sorted. */
export async function selectVisitorLabels(
  queries: Queries,
  { account_id, inbox_id }: InboxKey,
): Promise<string[]> {
  const rows = await queries.sql
    .selectFrom('visitor_labels as v')
    .innerJoin('labels as l', (join) =>
      join.onRef('l.account_id', '=', 'v.account_id').onRef('l.id', '=', 'v.label_id'),
    )
    .select('l.title')
    .where('v.account_id', '=', account_id)
    .where('v.inbox_id', '=', inbox_id)
    .orderBy('l.title')
    .execute()
  return rows.map(({ title }) => title)
}

/** Replaces the labels that the contacts of an inbox may set. */
export async function replaceVisitorLabels(
  tx: Queries,
  { account_id, inbox_id }: InboxKey,
  labelIds: readonly number[],
): Promise<void> {
  const own = tx.sql.deleteFrom('visitor_labels').where('account_id', '=', account_id)
  await own.where('inbox_id', '=', inbox_id).execute()
  if (labelIds.length === 0) return
  const rows = labelIds.map((label_id) => ({ account_id, inbox_id, label_id }))
  await tx.sql.insertInto('visitor_labels').values(rows).execute()
}
