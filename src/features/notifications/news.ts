import type { Database, Queries } from '../../db/database.ts'
import { reserveIds } from '../../db/ids.ts'
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

/** What is known during a step of an account. */
interface Step {
  /** The users for whom something has changed, and their new notification. */
  changed: Map<number, number | null>
  /** Those of the users who have been notified so far. */
  wishes: Map<number, Wishes>
}

/** Creates notifications of the events of conversations, in the transaction that moves the cursor: each exactly once. */
export function newsOf(database: Database): ConversationNews {
  const steps = new Map<number, Step>()
  const note = (accountId: number, userId: number, id: number | null) => {
    const users = steps.get(accountId)?.changed
    if (id !== null || !users?.has(userId)) users?.set(userId, id)
  }
  return {
    begin: (accountId) => void steps.set(accountId, { changed: new Map(), wishes: new Map() }),
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
      const { wishes } = steps.get(accountId)!
      const unknown = recipients.map(({ userId }) => userId).filter((userId) => !wishes.has(userId))
      for (const [userId, own] of await wishesOf(tx, accountId, unknown)) wishes.set(userId, own)
      for (const { userId, id } of await notify(tx, accountId, recipients, current, wishes))
        note(accountId, userId, id)
    },
    async accessChanged(tx, accountId, userId) {
      if ((await roleOf(tx, accountId, userId)) === 'administrator') return
      const ids = await store.deleteForeign(tx, { account_id: accountId, user_id: userId })
      await withdraw(tx, accountId, userId, ids)
      if (ids.length > 0) note(accountId, userId, null)
    },
    stepped(accountId) {
      // Nothing has begun if another node was faster.
      for (const [userId, id] of steps.get(accountId)?.changed ?? [])
        announceChange(database, accountId, userId, id)
      steps.delete(accountId)
    },
  }
}

/** Stores notifications of an event and passes them on to their channels. Returns those in the lists of their users. */
async function notify(
  tx: Queries,
  accountId: number,
  recipients: Recipient[],
  event: LoggedEvent & { conversation_id: number },
  wishes: Map<number, Wishes>,
): Promise<{ userId: number; id: number }[]> {
  const all = recipients.flatMap((recipient) => {
    const { kinds, quietHours } = wishes.get(recipient.userId)!
    const wanted = kinds[recipient.type]
    const channels = notificationChannels.of(tx).filter(({ name }) => wanted[name])
    return wanted.app || channels.length > 0
      ? [{ ...recipient, inApp: wanted.app, channels, quietHours }]
      : []
  })
  if (all.length === 0) return []
  const last = await reserveIds(tx, accountId, 'notifications', all.length)
  const { conversation_id: conversationId, created_at: last_activity_at, actor_type, actor_id } = event
  const messageId = event.name.startsWith('message_') ? event.message_id : null
  const rows = all.map(({ userId, type, inApp }, index) => ({
    user_id: userId,
    position: last - all.length + 1 + index,
    notification_type: type,
    in_app: inApp ? 1 : 0,
  }))
  const common = { account_id: accountId, conversation_id: conversationId, message_id: messageId }
  const stored = await store.upsertNotifications(
    tx,
    { ...common, actor_type, actor_id, last_activity_at },
    rows,
  )
  for (const { user_id, position } of rows)
    if (position % betweenDeletions === 0) await store.deleteOld(tx, { account_id: accountId, user_id }, most)
  for (const { userId, type, channels, quietHours } of all) {
    if (channels.length === 0) continue
    const { id, count } = stored.get(userId)!
    const news = { accountId, userId, notificationId: id, type, conversationId, messageId, count }
    const notBefore = endOfQuiet(quietHours, Date.now())
    for (const channel of channels) await channel.send(tx, { ...news, notBefore })
  }
  return all.filter(({ inApp }) => inApp).map(({ userId }) => ({ userId, id: stored.get(userId)!.id }))
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
