import type { Queries } from '../../../db/database.ts'
import type { Actor } from '../../../lib/actor.ts'
import { getConversations } from '../../conversations/service.ts'
import type { Notification } from '../../notifications/schema.ts'
import { listNotifications, unreadOfConversations } from '../../notifications/service.ts'
import { countUpTo } from './filter-parameters.ts'
import { contactPush } from './objects/contact.ts'
import { conversationPush } from './objects/conversation.ts'
import { userPush } from './objects/user.ts'
import { type RelatedRow, selectByIds } from './related.store.ts'
import { type Related, relatedTo } from './related.ts'

const pageSize = 15

/** Returns a page of the notifications of the actor, those that they have not read or all of them. */
export async function notificationPage(
  queries: Queries,
  actor: Actor,
  page: number,
  isReadIncluded: boolean,
) {
  const offset = (page - 1) * pageSize
  const all: Notification[] = []
  // Only the newest 500 are kept, so this ends soon.
  let cursor: number | undefined
  do {
    const query = { unread: !isReadIncluded, ...(cursor === undefined ? {} : { cursor }) }
    const { payload, meta } = await listNotifications(queries, actor, query)
    // Chatwoot has no type for those about imports.
    all.push(...payload.filter(isAboutConversation))
    cursor = meta.next ?? undefined
  } while (cursor !== undefined && all.length <= offset + pageSize)
  const shown = all.slice(offset, offset + pageSize)
  const unread_count = await unreadOfConversations(queries, actor)
  const count = isReadIncluded ? countUpTo(offset, shown, all.length > offset + pageSize) : unread_count
  const payload = await showNotifications(queries, actor, shown)
  return { meta: { unread_count, count, current_page: page }, payload }
}

/** Returns notifications of the actor as Chatwoot shows them. */
export async function showNotifications(
  queries: Queries,
  { accountId, userId }: Actor,
  notifications: Notification[],
) {
  const ids = [...new Set(notifications.map((one) => one.primary_actor_id))]
  const conversations = await getConversations(queries, accountId, ids)
  const actors = notifications.flatMap(({ secondary_actor: one }) => (one?.type === 'User' ? [one.id] : []))
  const [related, users] = await Promise.all([
    relatedTo(queries, accountId, { conversations }),
    selectByIds(queries, 'users', accountId, [...actors, userId]),
  ])
  const byId = new Map(conversations.map((one) => [one.id, conversationPush(one, related)]))
  return notifications.map((one) => ({
    id: one.id,
    notification_type: one.notification_type,
    ...pushMessage(one),
    primary_actor_type: 'Conversation',
    primary_actor_id: one.primary_actor_id,
    primary_actor: byId.get(one.primary_actor_id) ?? null,
    read_at: one.read_at === null ? null : new Date(one.read_at * 1000).toISOString(),
    secondary_actor: secondaryActor(one, users, related),
    user: userPush(users.get(userId)!),
    created_at: one.created_at,
    last_activity_at: one.last_activity_at,
    snoozed_until: null,
    meta: {},
  }))
}

function secondaryActor(
  { secondary_actor: one }: Notification,
  users: Map<number, RelatedRow<'users'>>,
  { contacts }: Related,
) {
  const user = one?.type === 'User' ? users.get(one.id) : undefined
  const contact = one?.type === 'Contact' ? contacts.get(one.id) : undefined
  return user ? userPush(user) : contact ? contactPush(contact) : null
}

/** Whether Chatwoot has a type for a notification. */
export function isAboutConversation({ primary_actor_type }: Notification): boolean {
  return primary_actor_type === 'Conversation'
}

const titles: Partial<Record<Notification['notification_type'], string>> = {
  conversation_creation: 'New conversation',
  conversation_assignment: 'Assigned to you',
  assigned_conversation_new_message: 'New message',
  conversation_mention: 'You were mentioned',
  participating_conversation_new_message: 'New message',
}

function pushMessage({ notification_type, primary_actor_id, secondary_actor, content }: Notification) {
  const title = `${titles[notification_type]} (#${primary_actor_id})`
  const body = [secondary_actor?.name, content].filter(Boolean).join(': ')
  return { push_message_title: title, push_message_body: body }
}
