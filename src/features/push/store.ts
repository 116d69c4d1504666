import type { Insertable } from 'kysely'
import type { Queries } from '../../db/database.ts'
import { prepare } from '../../db/prepare.ts'
import type { Tables } from '../../db/tables.ts'

export type Row = Omit<Tables['notification_subscriptions'], 'id'> & { id: number }

export function selectSubscriptions(queries: Queries, userId: number): Promise<Row[]> {
  return queries.sql
    .selectFrom('notification_subscriptions')
    .selectAll()
    .where('user_id', '=', userId)
    .orderBy('id', 'desc')
    .execute()
}

/** Returns the ids of the subscriptions of a user whose sessions have not expired. */
export const selectIds = prepare<{ user_id: number; now: number }>()((builder, p) =>
  builder
    .selectFrom('notification_subscriptions as n')
    .innerJoin('sessions as s', 's.id', 'n.session_id')
    .select('n.id')
    .where('n.user_id', '=', p.user_id)
    .where('s.expires_at', '>', p.now)
    .orderBy('n.id'),
)

/** Finds a subscription, with the language of its user, if its session has not expired and they are a member of the account. */
export const findReceiver = prepare<{ id: number; account_id: number; now: number }>()((builder, p) =>
  builder
    .selectFrom('notification_subscriptions as n')
    .innerJoin('sessions as s', 's.id', 'n.session_id')
    .innerJoin('account_users as m', (join) =>
      join.onRef('m.user_id', '=', 'n.user_id').on('m.account_id', '=', p.account_id),
    )
    .innerJoin('users as u', 'u.id', 'n.user_id')
    .selectAll('n')
    .select('u.locale')
    .where('n.id', '=', p.id)
    .where('s.expires_at', '>', p.now),
)

/** Stores a subscription. Replaces the one of the same session, and the one of the same browser. */
export async function replaceSubscription(
  tx: Queries,
  row: Insertable<Tables['notification_subscriptions']>,
): Promise<void> {
  await tx.sql
    .deleteFrom('notification_subscriptions')
    .where((is) => is.or([is('session_id', '=', row.session_id), is('endpoint', '=', row.endpoint)]))
    .execute()
  await tx.sql.insertInto('notification_subscriptions').values(row).execute()
}

export async function setShowsText(tx: Queries, id: number, showsText: boolean): Promise<void> {
  const query = tx.sql.updateTable('notification_subscriptions').set({ shows_text: showsText ? 1 : 0 })
  await query.where('id', '=', id).execute()
}

/** Deletes the oldest subscriptions of a user, except for some. */
export async function deleteOldest(tx: Queries, userId: number, except: number): Promise<void> {
  const own = tx.sql.selectFrom('notification_subscriptions').select('id').where('user_id', '=', userId)
  const newest = own.orderBy('id', 'desc').limit(except)
  const all = tx.sql.deleteFrom('notification_subscriptions').where('user_id', '=', userId)
  await all.where('id', 'not in', newest).execute()
}

/** Returns whether there was one. */
export async function deleteSubscription(tx: Queries, userId: number, id: number): Promise<boolean> {
  const query = tx.sql.deleteFrom('notification_subscriptions').where('user_id', '=', userId)
  return (await query.where('id', '=', id).returning('id').execute()).length > 0
}

/** Deletes the subscriptions of everybody. */
export async function deleteAll(tx: Queries): Promise<void> {
  await tx.sql.deleteFrom('notification_subscriptions').execute()
}

/** Deletes a subscription that its push service no longer knows. */
export async function deleteExpired(tx: Queries, id: number): Promise<void> {
  await tx.sql.deleteFrom('notification_subscriptions').where('id', '=', id).execute()
}

// What a browser has shown for longer stays until it is closed there.
const longestShown = 7 * 24 * 3_600_000

type Shown = Omit<Tables['shown_notifications'], 'shown_at'>

/** Records what a browser shows. Returns its user; undefined if the subscription has ended. */
export async function insertShown(tx: Queries, shown: Shown, now: number): Promise<number | undefined> {
  const { subscription_id } = shown
  const subscriptions = tx.sql.selectFrom('notification_subscriptions').select('user_id')
  const subscription = await subscriptions.where('id', '=', subscription_id).executeTakeFirst()
  if (!subscription) return undefined
  const old = tx.sql.deleteFrom('shown_notifications').where('account_id', '=', shown.account_id)
  await old
    .where('subscription_id', '=', subscription_id)
    .where((is) =>
      is.or([is('shown_at', '<', now - longestShown), is('notification_id', '=', shown.notification_id)]),
    )
    .execute()
  await tx.sql
    .insertInto('shown_notifications')
    .values({ ...shown, shown_at: now })
    .execute()
  return subscription.user_id
}

/** Deletes what browsers of a user show for notifications, and returns it. */
export function deleteShown(
  tx: Queries,
  accountId: number,
  userId: number,
  notificationIds: readonly number[],
): Promise<Shown[]> {
  const own = tx.sql.selectFrom('notification_subscriptions').select('id').where('user_id', '=', userId)
  return tx.sql
    .deleteFrom('shown_notifications')
    .where('account_id', '=', accountId)
    .where('subscription_id', 'in', own)
    .where('notification_id', 'in', notificationIds)
    .returning(['account_id', 'subscription_id', 'notification_id'])
    .execute()
}
