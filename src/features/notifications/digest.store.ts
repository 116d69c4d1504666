import { sql } from 'kysely'
import type { Queries } from '../../db/database.ts'
import type { Tables } from '../../db/tables.ts'
import type { Key, UserKey } from './store.ts'

type Row = Tables['notification_digests']

/** Lets the next digest of a user contain a notification. */
export async function markForMail(tx: Queries, key: Key): Promise<void> {
  await tx.sql
    .updateTable('notifications')
    .set({ by_mail: 1 })
    .where('account_id', '=', key.account_id)
    .where('user_id', '=', key.user_id)
    .where('id', '=', key.id)
    .execute()
}

/** Makes a digest due at a time, unless one is due already, and not before `gap` milliseconds after the last one. */
export async function schedule(tx: Queries, key: UserKey, dueAt: number, gap: number): Promise<void> {
  const due = sql<number>`coalesce(notification_digests.due_at,
    case when notification_digests.sent_at + ${gap} > excluded.due_at
      then notification_digests.sent_at + ${gap} else excluded.due_at end)`
  await tx.sql
    .insertInto('notification_digests')
    .values({ ...key, due_at: dueAt, sent_at: null, tries: 0 })
    .onConflict((conflict) => conflict.columns(['account_id', 'user_id']).doUpdateSet({ due_at: due }))
    .execute()
}

/** Returns the users of all accounts whose digest is due at `now` (milliseconds), the earliest first. */
export function selectDue(queries: Queries, now: number, limit: number): Promise<UserKey[]> {
  return queries.sql
    .selectFrom('notification_digests')
    .select(['account_id', 'user_id'])
    .where('due_at', 'is not', null)
    .where('due_at', '<=', now)
    .orderBy('due_at')
    .limit(limit)
    .execute()
}

/** Returns when the next digest is due, in milliseconds. */
export async function nextDueTime(queries: Queries): Promise<number | undefined> {
  const due = queries.sql.selectFrom('notification_digests').select('due_at').where('due_at', 'is not', null)
  return (await due.orderBy('due_at').limit(1).executeTakeFirst())?.due_at ?? undefined
}

export function findDigest(queries: Queries, key: UserKey): Promise<Row | undefined> {
  return queries.sql
    .selectFrom('notification_digests')
    .selectAll()
    .where('account_id', '=', key.account_id)
    .where('user_id', '=', key.user_id)
    .executeTakeFirst()
}

export async function updateDigest(
  tx: Queries,
  key: UserKey,
  change: Partial<Pick<Row, 'due_at' | 'sent_at' | 'tries'>>,
): Promise<void> {
  const update = tx.sql.updateTable('notification_digests').set(change)
  await update.where('account_id', '=', key.account_id).where('user_id', '=', key.user_id).execute()
}

/** Records that a mail has told of notifications up to a position. Returns whether later ones wait for the next mail. */
export async function markMailed(tx: Queries, key: UserKey, upTo: number): Promise<boolean> {
  await tx.sql
    .updateTable('notifications')
    .set({ by_mail: 0 })
    .where('account_id', '=', key.account_id)
    .where('user_id', '=', key.user_id)
    .where('by_mail', '=', 1)
    .where('position', '<=', upTo)
    .execute()
  const waiting = tx.sql.selectFrom('notifications').select('id').where('account_id', '=', key.account_id)
  const row = await waiting.where('user_id', '=', key.user_id).where('by_mail', '=', 1).executeTakeFirst()
  return row !== undefined
}

/** Returns the name and address of a user, unless they have never accepted their invitation. */
export function findRecipient(queries: Queries, userId: number) {
  return queries.sql
    .selectFrom('users')
    .select(['name', 'email'])
    .where('id', '=', userId)
    .where('confirmed', '=', 1)
    .executeTakeFirst()
}
