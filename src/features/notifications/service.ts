import type { Database, Queries } from '../../db/database.ts'
import type { Actor } from '../../lib/actor.ts'
import { notFound } from '../../lib/errors.ts'
import { plainText } from '../../lib/text/plain-text.ts'
import { toSeconds } from '../../lib/time.ts'
import { findConversationRef } from '../conversations/service.ts'
import { noteSeenBy } from '../participants/service.ts'
import { announceChange } from './announcing.ts'
import { notificationChannels } from './channels.ts'
import type {
  ImportResult,
  Notification,
  NotificationQuery,
  NotificationType,
  ReadNotifications,
  RemovedNotifications,
} from './schema.ts'
import * as store from './store.ts'

const pageSize = 25
// Characters of a message that a notification shows.
const shownCharacters = 200

/** Returns a page of the actor's notifications, the newest first, and how many are unread. */
export async function listNotifications(
  queries: Queries,
  actor: Actor,
  { unread, cursor }: NotificationQuery,
): Promise<{ payload: Notification[]; meta: { unread_count: number; next: number | null } }> {
  const key = keyOf(actor)
  const rows = await store.selectPage(queries, key, { unread, before: cursor, limit: pageSize + 1 })
  const page = rows.slice(0, pageSize)
  const next = rows.length > pageSize ? page.at(-1)!.position : null
  return {
    payload: page.map(toNotification),
    meta: { unread_count: await store.countUnread(queries, key), next },
  }
}

/** Returns how many notifications the actor has not read. */
export function unreadCount(queries: Queries, actor: Actor): Promise<number> {
  return store.countUnread(queries, keyOf(actor))
}

/** Returns how many notifications about conversations the actor has not read. */
export function unreadOfConversations(queries: Queries, actor: Actor): Promise<number> {
  return store.countUnreadOfConversations(queries, keyOf(actor))
}

/** Returns a notification of the actor. Throws `not_found`. */
export async function getNotification(queries: Queries, actor: Actor, id: number): Promise<Notification> {
  const row = await store.findNotification(queries, { ...keyOf(actor), id })
  if (!row) throw notFound('notification')
  return toNotification(row)
}

/**
 * Returns a notification for a channel that sends it now: undefined if it was read or deleted, or if its user may not see
 * it any more.
 */
export async function findUnread(
  queries: Queries,
  key: { account_id: number; user_id: number; id: number },
): Promise<Notification | undefined> {
  const row = await store.findForChannel(queries, key)
  return row && row.read_at === null ? toNotification(row) : undefined
}

/** Marks a notification of the actor as read or unread. Throws `not_found`. */
export async function setRead(
  database: Database,
  actor: Actor,
  id: number,
  read: boolean,
): Promise<Notification> {
  const notification = await database.transaction(actor.accountId, async (tx) => {
    const before = await getNotification(tx, actor, id)
    if (read) await markAndWithdraw(tx, actor, { id })
    else if (before.read_at !== null) await store.markUnread(tx, { ...keyOf(actor), id })
    return getNotification(tx, actor, id)
  })
  announceChange(database, actor.accountId, actor.userId)
  return notification
}

/**
 * Marks all notifications of the actor as read, or those about a conversation, an import, all conversations or all
 * imports. Returns how many are left. Throws `not_found` for the conversation.
 */
export async function readAll(
  database: Database,
  actor: Actor,
  { primary_actor_type, primary_actor_id }: ReadNotifications,
): Promise<number> {
  const which: store.Which =
    primary_actor_type === 'ContactImport'
      ? { contact_import_id: primary_actor_id ?? 'any' }
      : primary_actor_type === 'Conversation' || primary_actor_id !== undefined
        ? { conversation_id: primary_actor_id ?? 'any' }
        : {}
  const left = await database.transaction(actor.accountId, async (tx) => {
    if (typeof which.conversation_id === 'number') await findConversationRef(tx, actor, which.conversation_id)
    await markAndWithdraw(tx, actor, which)
    return unreadCount(tx, actor)
  })
  announceChange(database, actor.accountId, actor.userId)
  return left
}

/** Deletes a notification of the actor. Throws `not_found`. */
export async function removeNotification(database: Database, actor: Actor, id: number): Promise<void> {
  await database.transaction(actor.accountId, async (tx) => {
    await getNotification(tx, actor, id)
    await store.deleteNotification(tx, { ...keyOf(actor), id })
    await withdraw(tx, actor.accountId, actor.userId, [id])
  })
  announceChange(database, actor.accountId, actor.userId)
}

/**
 * Deletes all notifications of the actor, or those that they have read, and returns how many unread ones are left. With
 * `isOfConversations`, those about imports stay.
 */
export async function removeAll(
  database: Database,
  actor: Actor,
  { type }: RemovedNotifications,
  isOfConversations = false,
): Promise<number> {
  const left = await database.transaction(actor.accountId, async (tx) => {
    const ids = await store.deleteAll(tx, keyOf(actor), { isReadOnly: type === 'read', isOfConversations })
    await withdraw(tx, actor.accountId, actor.userId, ids)
    return unreadCount(tx, actor)
  })
  announceChange(database, actor.accountId, actor.userId)
  return left
}

/** Marks what the actor has not read about a conversation as read. Returns whether there was something. */
export async function readConversation(tx: Queries, actor: Actor, conversationId: number): Promise<boolean> {
  if (!(await store.hasUnread(tx, keyOf(actor), conversationId))) return false
  await markAndWithdraw(tx, actor, { conversation_id: conversationId })
  return true
}

/**
 * Marks what the actor has not read about a conversation as read, because they have seen it. With `isNews`, it had new
 * messages: a follower that is late must not notify the actor of them.
 */
export async function noteSeen(
  tx: Queries,
  actor: Actor,
  conversationId: number,
  isNews: boolean,
): Promise<boolean> {
  if (isNews) await noteSeenBy(tx, actor, conversationId)
  return readConversation(tx, actor, conversationId)
}

async function markAndWithdraw(tx: Queries, actor: Actor, which: store.Which): Promise<void> {
  const ids = await store.markRead(tx, keyOf(actor), which, Date.now())
  await withdraw(tx, actor.accountId, actor.userId, ids)
}

/** Tells the channels that a user need not see notifications any more. */
export async function withdraw(
  tx: Queries,
  accountId: number,
  userId: number,
  ids: readonly number[],
): Promise<void> {
  if (ids.length === 0) return
  for (const channel of notificationChannels.of(tx)) await channel.withdraw?.(tx, accountId, userId, ids)
}

function keyOf({ accountId, userId }: Actor): store.UserKey {
  return { account_id: accountId, user_id: userId }
}

/** Returns a notification as the API shows it. */
export function toNotification(row: store.VisibleRow): Notification {
  const { content } = row
  return {
    id: row.id,
    notification_type: row.notification_type as NotificationType,
    ...subjectOf(row),
    secondary_actor: actorOf(row),
    message_id: row.message_id,
    content: content === null ? null : shortened(plainText(content)),
    count: row.count,
    read_at: toSeconds(row.read_at),
    created_at: toSeconds(row.created_at),
    last_activity_at: toSeconds(row.last_activity_at),
  }
}

function subjectOf(
  row: store.VisibleRow,
): Pick<Notification, 'primary_actor_type' | 'primary_actor_id' | 'primary_actor' | 'contact_import'> {
  const { conversation_id, contact_import_id: importId } = row
  if (conversation_id === null) {
    const result: ImportResult = JSON.parse(row.contact_import!)
    return {
      ...{ primary_actor_type: 'ContactImport', primary_actor_id: importId!, primary_actor: null },
      contact_import: { id: importId!, ...result },
    }
  }
  const contact = { id: row.contact_id!, name: row.contact_name!, thumbnail: row.avatar_url }
  return {
    ...{ primary_actor_type: 'Conversation', primary_actor_id: conversation_id, contact_import: null },
    primary_actor: { id: conversation_id, inbox_id: row.inbox_id!, status: row.status!, contact },
  }
}

function shortened(text: string): string {
  const characters = [...text]
  return characters.length > shownCharacters ? `${characters.slice(0, shownCharacters - 1).join('')}…` : text
}

/** Who acted. A message of a contact may be from a guest, whose name is not read: it is only shown with the message. */
function actorOf(row: store.VisibleRow): Notification['secondary_actor'] {
  const { actor_type, actor_id: id, user_name, contact_id, contact_name } = row
  if (id === null) return null
  if (actor_type === 'user' && user_name !== null) return { id, name: user_name, type: 'User' }
  return actor_type === 'contact' && id === contact_id ? { id, name: contact_name!, type: 'Contact' } : null
}
