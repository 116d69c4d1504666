import { type Selectable, sql } from 'kysely'
import type { Queries } from '../../db/database.ts'
import { prepare } from '../../db/prepare.ts'
import { byIndex, rowsOf } from '../../db/rows.ts'
import type { Tables } from '../../db/tables.ts'
import type { NotificationType } from './schema.ts'

type Row = Selectable<Tables['notifications']>
export type UserKey = Pick<Row, 'account_id' | 'user_id'>
export type Key = UserKey & Pick<Row, 'id'>

// The beginning of a message that is read from the database: with the signs of Markdown.
const longestBeginning = 1000

/** The notifications of a user that they may see, and their subjects. Only administrators see those about imports. */
function visible(queries: Queries, { account_id, user_id }: UserKey) {
  return queries.sql
    .selectFrom('notifications as n')
    .leftJoin('conversations as c', (join) =>
      join.onRef('c.account_id', '=', 'n.account_id').onRef('c.id', '=', 'n.conversation_id'),
    )
    .leftJoin('contacts as p', (join) =>
      join.onRef('p.account_id', '=', 'c.account_id').onRef('p.id', '=', 'c.contact_id'),
    )
    .innerJoin('account_users as a', (join) =>
      join.onRef('a.account_id', '=', 'n.account_id').onRef('a.user_id', '=', 'n.user_id'),
    )
    .leftJoin('messages as m', (join) =>
      join
        .onRef('m.account_id', '=', 'n.account_id')
        .onRef('m.conversation_id', '=', 'n.conversation_id')
        .onRef('m.id', '=', 'n.message_id'),
    )
    .leftJoin('users as u', (join) =>
      join.onRef('u.id', '=', 'n.actor_id').on('n.actor_type', '=', sql.lit('user')),
    )
    .selectAll('n')
    .select([
      'c.inbox_id',
      'c.status',
      'c.contact_id',
      'p.name as contact_name',
      'p.avatar_url',
      'u.name as user_name',
      sql<string | null>`substr(m.content, 1, ${sql.lit(longestBeginning)})`.as('content'),
    ])
    .where('n.account_id', '=', account_id)
    .where('n.user_id', '=', user_id)
    .where(
      sql<boolean>`(a.role = 'administrator' or exists (select 1 from inbox_members i
        where i.account_id = c.account_id and i.inbox_id = c.inbox_id and i.user_id = n.user_id))`,
    )
}
export type VisibleRow = Awaited<ReturnType<ReturnType<typeof visible>['execute']>>[number]

/** Returns a page of the notifications of a user, the newest first. */
export function selectPage(
  queries: Queries,
  key: UserKey,
  { unread, before, limit }: { unread: boolean; before: number | undefined; limit: number },
): Promise<VisibleRow[]> {
  let query = visible(queries, key).where('n.in_app', '=', 1)
  if (before !== undefined) query = query.where('n.position', '<', before)
  if (unread) query = query.where('n.read_at', 'is', null)
  return query.orderBy('n.position', 'desc').limit(limit).execute()
}

/** Returns a notification in the list of its user. */
export function findNotification(queries: Queries, key: Key): Promise<VisibleRow | undefined> {
  return visible(queries, key).where('n.in_app', '=', 1).where('n.id', '=', key.id).executeTakeFirst()
}

/** Returns a notification, also one that is not in the list of its user. */
export function findForChannel(queries: Queries, key: Key): Promise<VisibleRow | undefined> {
  return visible(queries, key).where('n.id', '=', key.id).executeTakeFirst()
}

/** Returns the unread notifications that the next digest contains, the newest first. Their number is limited. */
export function selectForMail(queries: Queries, key: UserKey): Promise<VisibleRow[]> {
  const waiting = visible(queries, key).where('n.read_at', 'is', null).where('n.by_mail', '=', 1)
  return waiting.orderBy('n.position', 'desc').execute()
}

const countOf = (isOfConversations: boolean) =>
  prepare<UserKey>()((builder, p) => {
    const unread = builder
      .selectFrom('notifications')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .where('account_id', '=', p.account_id)
      .where('user_id', '=', p.user_id)
      .where('read_at', 'is', null)
      .where('in_app', '=', sql.lit(1))
    return isOfConversations ? unread.where('conversation_id', 'is not', null) : unread
  })
const unread = countOf(false)
const unreadOfConversations = countOf(true)

/** Counts the unread notifications of a user, whose number is limited. */
export async function countUnread(queries: Queries, key: UserKey): Promise<number> {
  return Number((await unread(queries, key))[0]!.count)
}

/** As `countUnread`, without those about imports. */
export async function countUnreadOfConversations(queries: Queries, key: UserKey): Promise<number> {
  return Number((await unreadOfConversations(queries, key))[0]!.count)
}

/** A notification of events. `position` is its id if it is new. */
export type NewRow = Omit<Row, 'id' | 'account_id' | 'by_mail' | 'read_at'>

const upsertAll = prepare<{ account_id: number; rows: string }>()((builder, p, engine) => {
  const columns = sql.join(Object.keys(typesOfNew).map((name) => sql.ref(`r.${name}`)))
  const query = sql<Pick<Row, 'id' | 'user_id' | 'conversation_id' | 'notification_type' | 'count'>>`
    insert into notifications (account_id, id, ${sql.raw(Object.keys(typesOfNew).join(', '))})
      select cast(${p.account_id} as bigint), r.position, ${columns}
        from ${rowsOf(engine, p.rows, typesOfNew)} where true
      on conflict (account_id, user_id, conversation_id, notification_type) where read_at is null
        do update set position = excluded.position, message_id = excluded.message_id,
          actor_type = excluded.actor_type, actor_id = excluded.actor_id, in_app = excluded.in_app,
          last_activity_at = excluded.last_activity_at, count = notifications.count + excluded.count
      returning id, user_id, conversation_id, notification_type, count`
  return { compile: () => query.compile(builder) }
})

const typesOfNew = {
  user_id: 'bigint',
  position: 'bigint',
  notification_type: 'text',
  conversation_id: 'bigint',
  message_id: 'bigint',
  contact_import_id: 'bigint',
  contact_import: 'text',
  actor_type: 'text',
  actor_id: 'bigint',
  count: 'bigint',
  in_app: 'bigint',
  created_at: 'bigint',
  last_activity_at: 'bigint',
} as const satisfies Record<keyof NewRow, 'bigint' | 'text'>

/**
 * Adds events to the unread notification of each user, conversation and type, or inserts one: each of them is in `rows`
 * once. Returns their ids and counts.
 */
export function upsertNotifications(tx: Queries, accountId: number, rows: NewRow[]) {
  return upsertAll(tx, { account_id: accountId, rows: JSON.stringify(rows) })
}

const unreadAmong = prepare<{ account_id: number; pairs: string }>()((builder, p, engine) => {
  const query = sql<{ user_id: number; conversation_id: number }>`
    select distinct n.user_id, n.conversation_id
      from ${rowsOf(engine, p.pairs, { user_id: 'bigint', conversation_id: 'bigint' })} cross join notifications n
      where n.account_id = ${p.account_id} and n.user_id = r.user_id and n.conversation_id = r.conversation_id
        and n.read_at is null`
  return { compile: () => query.compile(builder) }
})

/** Returns those of these users and conversations for which there are unread notifications. */
export function selectUnread(
  queries: Queries,
  accountId: number,
  pairs: { user_id: number; conversation_id: number }[],
) {
  return unreadAmong(queries, { account_id: accountId, pairs: JSON.stringify(pairs) })
}

const newestAfter = prepare<UserKey & { most: number }>()((builder, p) =>
  builder
    .selectFrom('notifications')
    .select('position')
    .where('account_id', '=', p.account_id)
    .where('user_id', '=', p.user_id)
    .orderBy('position', 'desc')
    .offset(p.most)
    .limit(1),
)

/** Deletes all notifications of a user except the newest ones. */
export async function deleteOld(tx: Queries, key: UserKey, most: number): Promise<void> {
  const [oldest] = await newestAfter(tx, { ...key, most })
  if (!oldest) return
  await tx.sql
    .deleteFrom('notifications')
    .where('account_id', '=', key.account_id)
    .where('user_id', '=', key.user_id)
    .where('position', '<=', oldest.position)
    .execute()
}

/** Which unread notifications of a user: of one or any conversation, of one or any import, one of them, or all. */
export interface Which {
  conversation_id?: number | 'any'
  contact_import_id?: number | 'any'
  id?: number
}

/** Marks unread notifications of a user as read, and returns their ids. */
export async function markRead(tx: Queries, key: UserKey, which: Which, now: number): Promise<number[]> {
  let query = tx.sql
    .updateTable('notifications')
    .set({ read_at: now, by_mail: 0 })
    .where('account_id', '=', key.account_id)
    .where('user_id', '=', key.user_id)
    .where('read_at', 'is', null)
  const { conversation_id, contact_import_id } = which
  if (conversation_id === 'any') query = query.where('conversation_id', 'is not', null)
  else if (conversation_id !== undefined) query = query.where('conversation_id', '=', conversation_id)
  if (contact_import_id === 'any') query = query.where('contact_import_id', 'is not', null)
  else if (contact_import_id !== undefined) query = query.where('contact_import_id', '=', contact_import_id)
  if (which.id !== undefined) query = query.where('id', '=', which.id)
  return (await query.returning('id').execute()).map(({ id }) => id)
}

const unreadOf = prepare<UserKey & { conversation_id: number }>()((builder, p) =>
  builder
    .selectFrom('notifications')
    .select('id')
    .where('account_id', '=', p.account_id)
    .where('user_id', '=', p.user_id)
    .where('conversation_id', '=', p.conversation_id)
    .where('read_at', 'is', null),
)

/** Whether a user has unread notifications about a conversation. */
export async function hasUnread(queries: Queries, key: UserKey, conversationId: number): Promise<boolean> {
  return (await unreadOf(queries, { ...key, conversation_id: conversationId })).length > 0
}

/** Makes a notification unread, unless the user has another unread one of its type for its conversation. */
export async function markUnread(tx: Queries, key: Key): Promise<void> {
  await tx.sql
    .updateTable('notifications')
    .set({ read_at: null })
    .where('account_id', '=', key.account_id)
    .where('user_id', '=', key.user_id)
    .where('id', '=', key.id)
    .where(
      sql<boolean>`not exists (select 1 from notifications o where o.account_id = notifications.account_id
        and o.user_id = notifications.user_id and o.conversation_id = notifications.conversation_id
        and o.notification_type = notifications.notification_type and o.read_at is null)`,
    )
    .execute()
}

export async function deleteNotification(tx: Queries, key: Key): Promise<void> {
  await tx.sql
    .deleteFrom('notifications')
    .where('account_id', '=', key.account_id)
    .where('user_id', '=', key.user_id)
    .where('id', '=', key.id)
    .execute()
}

/** Deletes the notifications of a user: all, those that were read, or those about conversations. Returns their ids. */
export async function deleteAll(
  tx: Queries,
  key: UserKey,
  { isReadOnly = false, isOfConversations = false },
): Promise<number[]> {
  let query = tx.sql
    .deleteFrom('notifications')
    .where('account_id', '=', key.account_id)
    .where('user_id', '=', key.user_id)
  if (isReadOnly) query = query.where('read_at', 'is not', null)
  if (isOfConversations) query = query.where('conversation_id', 'is not', null)
  return (await query.returning('id').execute()).map(({ id }) => id)
}

/** Deletes the unread notifications of a type about a conversation, and returns whose they were. */
export async function deleteUnread(
  tx: Queries,
  accountId: number,
  conversationId: number,
  type: NotificationType,
): Promise<{ user_id: number; id: number }[]> {
  return tx.sql
    .deleteFrom(byIndex(tx.engine, 'notifications', 'notifications_conversation'))
    .where('account_id', '=', accountId)
    .where('conversation_id', '=', conversationId)
    .where('notification_type', '=', type)
    .where('read_at', 'is', null)
    .returning(['user_id', 'id'])
    .execute()
}

/** Deletes the notifications of a user who is no administrator, in inboxes of others. Returns their ids. */
export async function deleteForeign(tx: Queries, key: UserKey): Promise<number[]> {
  const rows = await tx.sql
    .deleteFrom('notifications')
    .where('account_id', '=', key.account_id)
    .where('user_id', '=', key.user_id)
    .where(
      sql<boolean>`not exists (select 1 from conversations c join inbox_members m
        on m.account_id = c.account_id and m.inbox_id = c.inbox_id and m.user_id = notifications.user_id
        where c.account_id = notifications.account_id and c.id = notifications.conversation_id)`,
    )
    .returning('id')
    .execute()
  return rows.map(({ id }) => id)
}
