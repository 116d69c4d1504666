import type { Database, Queries } from '../../db/database.ts'
import { nextId } from '../../db/ids.ts'
import type { LoggedEvent } from '../../events/read.ts'
import { onBehalfOf, systemOf } from '../../lib/actor.ts'
import { findCurrentConversationRef } from '../conversations/merged.ts'
import { assigneeOf } from '../participants/following.ts'
import type { ConversationNews } from '../participants/news.ts'
import { roleOf } from '../users/service.ts'
import { announceChange } from './announcing.ts'
import { notificationChannels } from './channels.ts'
import { endOfQuiet } from './quiet-hours.ts'
import { type Recipient, recipientsOf } from './recipients.ts'
import { readConversation, withdraw } from './service.ts'
import { type Wishes, wishesOf } from './settings.ts'
import * as store from './store.ts'

// Each user keeps their newest notifications.
const most = 500
// Older ones are deleted with one in so many new ones.
const betweenDeletions = 20

/** Creates notifications of the events of conversations, in the transaction that moves the cursor: each exactly once. */
export function newsOf(database: Database): ConversationNews {
  /** By account: the users for whom something has changed, and their new notification. */
  const changed = new Map<number, Map<number, number | null>>()
  const note = (accountId: number, userId: number, id: number | null) => {
    const users = changed.get(accountId)
    if (id !== null || !users?.has(userId)) users?.set(userId, id)
  }
  return {
    begin: (accountId) => void changed.set(accountId, new Map()),
    async process(tx, accountId, event) {
      const { conversation_id } = event
      if (conversation_id === null || event.audience === 'server') return
      for (const userId of await withdrawn(tx, accountId, conversation_id, event))
        note(accountId, userId, null)
      const recipients = await recipientsOf(tx, accountId, event)
      if (recipients.length === 0) return
      // The log names the conversation of the time of the event.
      const { id: currentId } = await findCurrentConversationRef(tx, systemOf(accountId), conversation_id)
      const current = { ...event, conversation_id: currentId }
      const wishes = await wishesOf(
        tx,
        accountId,
        recipients.map(({ userId }) => userId),
      )
      for (const recipient of recipients) {
        const { userId } = recipient
        const id = await notify(tx, accountId, recipient, current, wishes.get(userId)!)
        if (id !== undefined) note(accountId, userId, id)
      }
    },
    async accessChanged(tx, accountId, userId) {
      if ((await roleOf(tx, accountId, userId)) === 'administrator') return
      const ids = await store.deleteForeign(tx, { account_id: accountId, user_id: userId })
      await withdraw(tx, accountId, userId, ids)
      if (ids.length > 0) note(accountId, userId, null)
    },
    stepped(accountId) {
      for (const [userId, id] of changed.get(accountId) ?? []) announceChange(database, accountId, userId, id)
      changed.delete(accountId)
    },
  }
}

/** Stores a notification and passes it on to its channels. Returns its id, if it is in the user's list. */
async function notify(
  tx: Queries,
  accountId: number,
  { userId, type }: Recipient,
  event: LoggedEvent & { conversation_id: number },
  { kinds, quietHours }: Wishes,
): Promise<number | undefined> {
  const wanted = kinds[type]
  const channels = notificationChannels.of(tx).filter(({ name }) => wanted[name])
  if (!wanted.app && channels.length === 0) return undefined
  const position = await nextId(tx, accountId, 'notifications')
  const key = { account_id: accountId, user_id: userId }
  const conversationId = event.conversation_id
  const messageId = event.name.startsWith('message_') ? event.message_id : null
  const { id, count } = await store.upsertNotification(tx, {
    ...key,
    position,
    notification_type: type,
    conversation_id: conversationId,
    message_id: messageId,
    actor_type: event.actor_type,
    actor_id: event.actor_id,
    in_app: wanted.app ? 1 : 0,
    last_activity_at: event.created_at,
  })
  if (position % betweenDeletions === 0) await store.deleteOld(tx, key, most)
  const news = { accountId, userId, notificationId: id, type, conversationId, messageId, count }
  const notBefore = channels.length === 0 ? 0 : endOfQuiet(quietHours, Date.now())
  for (const channel of channels) await channel.send(tx, { ...news, notBefore })
  return wanted.app ? id : undefined
}

/**
 * Ends notifications that an event makes pointless: those of a new conversation that nobody has, when somebody gets it, and
 * those of a user who writes in it. Returns whose they were.
 */
async function withdrawn(
  tx: Queries,
  accountId: number,
  conversationId: number,
  event: LoggedEvent,
): Promise<number[]> {
  const { name, actor_type, actor_id } = event
  if (name === 'message_created' && actor_type === 'user' && actor_id !== null) {
    const actor = { ...onBehalfOf(accountId, { type: 'user', id: actor_id }), userId: actor_id }
    return (await readConversation(tx, actor, conversationId)) ? [actor_id] : []
  }
  if (name !== 'conversation_updated' || assigneeOf(event) === undefined) return []
  const rows = await store.deleteUnread(tx, accountId, conversationId, 'conversation_creation')
  for (const { user_id, id } of rows) await withdraw(tx, accountId, user_id, [id])
  return rows.map(({ user_id }) => user_id)
}
