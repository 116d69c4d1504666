import type { Queries } from '../../db/database.ts'
import type { Tables } from '../../db/tables.ts'
import { type Actor, seesAllInboxes } from '../../lib/actor.ts'

/** Stores a visit in place of the previous one. Without a `referrer_url`, the previous one is kept. */
export async function upsertVisit(tx: Queries, row: Tables['visits']): Promise<void> {
  const { account_id, contact_id, inbox_id, referrer_url, ...values } = row
  const change = referrer_url === null ? values : { ...values, referrer_url }
  await tx.sql
    .insertInto('visits')
    .values(row)
    .onConflict((conflict) => conflict.columns(['account_id', 'contact_id', 'inbox_id']).doUpdateSet(change))
    .execute()
}

/** The visits of a contact in the inboxes that the actor sees, latest first. */
export async function selectVisits(
  queries: Queries,
  actor: Actor,
  contactId: number,
): Promise<Tables['visits'][]> {
  let visits = queries.sql
    .selectFrom('visits as v')
    .selectAll('v')
    .where('v.account_id', '=', actor.accountId)
    .where('v.contact_id', '=', contactId)
  if (!seesAllInboxes(actor)) {
    visits = visits.where(({ exists, selectFrom }) =>
      exists(
        selectFrom('inbox_members as m')
          .select('m.user_id')
          .whereRef('m.account_id', '=', 'v.account_id')
          .whereRef('m.inbox_id', '=', 'v.inbox_id')
          .where('m.user_id', '=', actor.userId),
      ),
    )
  }
  return visits.orderBy('v.seen_at', 'desc').orderBy('v.inbox_id').execute()
}

/** Makes the visits of one contact those of another; of two in the same inbox, the later one stays. */
export async function moveVisits(
  tx: Queries,
  accountId: number,
  fromId: number,
  toId: number,
): Promise<void> {
  const ofBoth = tx.sql.selectFrom('visits').selectAll().where('account_id', '=', accountId)
  const rows = await ofBoth.where('contact_id', 'in', [fromId, toId]).orderBy('seen_at').execute()
  const latest = new Map(rows.map((row) => [row.inbox_id, { ...row, contact_id: toId }]))
  const all = tx.sql.deleteFrom('visits').where('account_id', '=', accountId)
  await all.where('contact_id', 'in', [fromId, toId]).execute()
  if (latest.size === 0) return
  await tx.sql
    .insertInto('visits')
    .values([...latest.values()])
    .execute()
}

/** Deletes all visits in an inbox. */
export async function deleteVisits(tx: Queries, accountId: number, inboxId: number): Promise<void> {
  const all = tx.sql.deleteFrom('visits').where('account_id', '=', accountId)
  await all.where('inbox_id', '=', inboxId).execute()
}
