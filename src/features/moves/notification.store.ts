import { type Selectable, sql } from 'kysely'
import type { Queries } from '../../db/database.ts'
import { byIndex } from '../../db/rows.ts'
import type { Tables } from '../../db/tables.ts'
import type { Move } from './message.store.ts'

type Row = Selectable<Tables['notifications']>
const news = [
  'position',
  'message_id',
  'actor_type',
  'actor_id',
  'count',
  'in_app',
  'by_mail',
  'last_activity_at',
] as const
type News = Pick<Row, (typeof news)[number]>

/** A notification that came to another conversation with a merge. */
export interface MovedNotification {
  user_id: number
  id: number
  position: number
  /** The unread one of the same type that its user had there, which tells of both since, and what both were before. */
  joined?: { id: number; before: News; after: News; by_mail: number }
}

/** The table, to be read by the conversation. */
function ofConversation({ engine }: Queries) {
  return byIndex(engine, 'notifications', 'notifications_conversation')
}

/** Moves the notifications about a conversation to another one. Two unread ones of a user and a type become one. */
export async function moveNotifications(tx: Queries, place: Move, now: number): Promise<MovedNotification[]> {
  const { account_id, from_id, to_id } = place
  const moved: MovedNotification[] = await tx.sql
    .updateTable(ofConversation(tx))
    .set({ conversation_id: to_id })
    .where('account_id', '=', account_id)
    .where('conversation_id', '=', from_id)
    .where(
      sql<boolean>`(read_at is not null or not exists (select 1 from notifications o
        where o.account_id = notifications.account_id and o.user_id = notifications.user_id
          and o.conversation_id = ${to_id} and o.notification_type = notifications.notification_type
          and o.read_at is null))`,
    )
    .returning(['user_id', 'id', 'position'])
    .execute()
  const left = tx.sql.selectFrom(ofConversation(tx)).selectAll().where('account_id', '=', account_id)
  for (const row of await left.where('conversation_id', '=', from_id).execute())
    moved.push(await join(tx, row, to_id, now))
  return moved.sort((a, b) => a.user_id - b.user_id || a.id - b.id)
}

/** Marks a notification as read, and lets the unread one in the other conversation tell of both. */
async function join(tx: Queries, row: Row, to_id: number, now: number): Promise<MovedNotification> {
  const { user_id, id, position, by_mail } = row
  const other = (await findUnread(tx, row, to_id))!
  const latest = newsOf(other.position > position ? other : row)
  const after: News = {
    ...latest,
    count: other.count + row.count,
    in_app: Math.max(other.in_app, row.in_app),
    by_mail: Math.max(other.by_mail, by_mail),
  }
  await change(tx, row, { conversation_id: to_id, read_at: now, by_mail: 0 })
  await change(tx, other, after)
  return { user_id, id, position, joined: { id: other.id, before: newsOf(other), after, by_mail } }
}

/** Moves notifications back, except for those that were deleted, or tell of something new. */
export async function returnNotifications(
  tx: Queries,
  { account_id, from_id, to_id }: Move,
  moved: readonly MovedNotification[],
): Promise<void> {
  for (const { user_id, id, position, joined } of moved) {
    const row = await find(tx, { account_id, user_id, id })
    if (row?.conversation_id !== to_id || row.position !== position) continue
    const other = joined && (await find(tx, { account_id, user_id, id: joined.id }))
    // If the user has read the one that told of both, they have read this one.
    const isUnread = joined && other?.read_at === null
    // A digest may have mailed it with the other one.
    const state = isUnread ? { read_at: null, by_mail: Math.min(joined.by_mail, other!.by_mail) } : row
    // They may have another unread one about the conversation to which it returns.
    const isTaken = state.read_at === null && (await findUnread(tx, row, from_id)) !== undefined
    const { read_at, by_mail } = isTaken ? { read_at: row.read_at ?? Date.now(), by_mail: 0 } : state
    await change(tx, row, { conversation_id: from_id, read_at, by_mail })
    if (isUnread) await change(tx, other!, separated(other!, row, joined))
  }
}

function separated(
  other: Row,
  { count }: Row,
  { before, after }: NonNullable<MovedNotification['joined']>,
): Partial<News> {
  const isSame = other.position === after.position && other.count === after.count
  return isSame
    ? { ...before, by_mail: Math.min(other.by_mail, before.by_mail) }
    : { count: other.count - count }
}

/**
 * Moves the notifications about the messages from an id on, or about these messages, to a new conversation. Returns whose they
 * are.
 */
export async function splitNotifications(
  tx: Queries,
  { account_id, from_id, to_id }: Move,
  { from, ids }: { from: number; ids?: number[] | undefined },
): Promise<number[]> {
  let rows = tx.sql
    .updateTable(ofConversation(tx))
    .set({ conversation_id: to_id })
    .where('account_id', '=', account_id)
    .where('conversation_id', '=', from_id)
    .where('message_id', '>=', from)
  if (ids) rows = rows.where('message_id', 'in', ids)
  return (await rows.returning('user_id').execute()).map(({ user_id }) => user_id)
}

function newsOf(row: Row): News {
  return Object.fromEntries(news.map((column) => [column, row[column]])) as unknown as News
}

/** Returns the unread notification of the same user and type about a conversation. There is at most one. */
function findUnread(tx: Queries, row: Row, conversationId: number): Promise<Row | undefined> {
  return tx.sql
    .selectFrom('notifications')
    .selectAll()
    .where('account_id', '=', row.account_id)
    .where('user_id', '=', row.user_id)
    .where('conversation_id', '=', conversationId)
    .where('notification_type', '=', row.notification_type)
    .where('read_at', 'is', null)
    .executeTakeFirst()
}

type Key = Pick<Row, 'account_id' | 'user_id' | 'id'>

function find(tx: Queries, { account_id, user_id, id }: Key): Promise<Row | undefined> {
  const all = tx.sql.selectFrom('notifications').selectAll().where('account_id', '=', account_id)
  return all.where('user_id', '=', user_id).where('id', '=', id).executeTakeFirst()
}

async function change(tx: Queries, { account_id, user_id, id }: Key, columns: Partial<Row>): Promise<void> {
  const rows = tx.sql.updateTable('notifications').set(columns).where('account_id', '=', account_id)
  await rows.where('user_id', '=', user_id).where('id', '=', id).execute()
}
