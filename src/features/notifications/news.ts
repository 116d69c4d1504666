import type { Database, Queries } from '../../db/database.ts'
import type { LoggedEvent } from '../../events/read.ts'
import { onBehalfOf, systemOf } from '../../lib/actor.ts'
import { findCurrentConversationRef } from '../conversations/merged.ts'
import { assigneeOf } from '../participants/following.ts'
import type { ConversationNews } from '../participants/news.ts'
import { roleOf } from '../users/service.ts'
import { announceChange } from './announcing.ts'
import { type Occasion, PendingNotifications } from './pending.ts'
import { type Recipient, recipientsOf } from './recipients.ts'
import { readConversation, withdraw } from './service.ts'
import { type Wishes, wishesOf } from './settings.ts'
import * as store from './store.ts'

/** What is known during a step of an account. */
interface Step {
  /** The users for whom something has changed, and their new notification. */
  changed: Map<number, number | null>
  /** What those of the users want who have been notified so far. */
  wishes: Map<number, Wishes>
  /** Users and conversations for which there may be unread notifications, among those of the authors of messages. */
  unread: Set<string>
  pending: PendingNotifications
}

/** Creates notifications of the events of conversations, in the transaction that moves the cursor: each exactly once. */
export function newsOf(database: Database): ConversationNews {
  const steps = new Map<number, Step>()
  return {
    async begin(tx, accountId, events) {
      const pending = new PendingNotifications(tx, accountId)
      const unread = await unreadOfAuthors(tx, accountId, events)
      steps.set(accountId, { changed: new Map(), wishes: new Map(), unread, pending })
    },
    async process(tx, accountId, event, listeners) {
      const { conversation_id } = event
      if (conversation_id === null || event.audience === 'server') return false
      const step = steps.get(accountId)!
      await withdrawPointless(tx, accountId, conversation_id, event, step)
      const recipients = await recipientsOf(tx, accountId, event, listeners)
      if (recipients.length === 0) return false
      // The log names the conversation of the time of the event.
      const isMerged = (await listeners.of(conversation_id))?.mergedInto !== null
      const current = isMerged
        ? (await findCurrentConversationRef(tx, systemOf(accountId), conversation_id)).id
        : conversation_id
      const wishes = await wishesOfAll(tx, accountId, recipients, step)
      const occasion = occasionOf(event, current)
      for (const recipient of recipients) {
        step.pending.add(recipient, wishes.get(recipient.userId)!, occasion)
        step.unread.add(keyOf(recipient.userId, current))
      }
      return step.pending.isFull
    },
    async accessChanged(tx, accountId, userId) {
      if ((await roleOf(tx, accountId, userId)) === 'administrator') return
      const step = steps.get(accountId)!
      await storePending(step)
      const ids = await store.deleteForeign(tx, { account_id: accountId, user_id: userId })
      await withdraw(tx, accountId, userId, ids)
      if (ids.length > 0) note(step, userId, null)
    },
    end: (_, accountId) => storePending(steps.get(accountId)!),
    stepped(accountId) {
      // Nothing has begun if another node was faster.
      for (const [userId, id] of steps.get(accountId)?.changed ?? [])
        announceChange(database, accountId, userId, id)
      steps.delete(accountId)
    },
  }
}

function occasionOf(event: LoggedEvent, conversation_id: number): Occasion {
  const { actor_type, actor_id, created_at } = event
  const message_id = event.name.startsWith('message_') ? event.message_id : null
  const about = { conversation_id, message_id, contact_import_id: null, contact_import: null }
  return { ...about, actor_type, actor_id, created_at }
}

function note({ changed }: Step, userId: number, id: number | null): void {
  if (id !== null || !changed.has(userId)) changed.set(userId, id)
}

async function storePending(step: Step): Promise<void> {
  for (const { userId, id } of await step.pending.store()) note(step, userId, id)
}

/** Reads what these users want, of whom it is not known yet. */
async function wishesOfAll(
  tx: Queries,
  accountId: number,
  recipients: readonly Recipient[],
  { wishes }: Step,
): Promise<Map<number, Wishes>> {
  const unknown = recipients.map(({ userId }) => userId).filter((userId) => !wishes.has(userId))
  for (const [userId, own] of await wishesOf(tx, accountId, unknown)) wishes.set(userId, own)
  return wishes
}

async function unreadOfAuthors(
  tx: Queries,
  accountId: number,
  events: readonly LoggedEvent[],
): Promise<Set<string>> {
  const pairs = events.flatMap((event) => {
    const user_id = authorOf(event)
    return user_id === undefined ? [] : [{ user_id, conversation_id: event.conversation_id! }]
  })
  if (pairs.length === 0) return new Set()
  const rows = await store.selectUnread(tx, accountId, pairs)
  return new Set(rows.map(({ user_id, conversation_id }) => keyOf(user_id, conversation_id)))
}

function keyOf(userId: number, conversationId: number): string {
  return `${userId} ${conversationId}`
}

/** Returns the author of the message of an event, if that is a user. */
function authorOf({ name, actor_type, actor_id, conversation_id }: LoggedEvent): number | undefined {
  const isOfUser = name === 'message_created' && actor_type === 'user' && conversation_id !== null
  return isOfUser ? (actor_id ?? undefined) : undefined
}

/**
 * Ends notifications that an event makes pointless: those of a new conversation that nobody has, when somebody gets it, and
 * those of the author of a message in it.
 */
async function withdrawPointless(
  tx: Queries,
  accountId: number,
  conversationId: number,
  event: LoggedEvent,
  step: Step,
): Promise<void> {
  const author = authorOf(event)
  if (author !== undefined) {
    if (!step.unread.has(keyOf(author, conversationId))) return
    await storePending(step)
    const actor = { ...onBehalfOf(accountId, { type: 'user', id: author }), userId: author }
    if (await readConversation(tx, actor, conversationId)) note(step, author, null)
    return
  }
  if (event.name !== 'conversation_updated' || assigneeOf(event) === undefined) return
  await storePending(step)
  const rows = await store.deleteUnread(tx, accountId, conversationId, 'conversation_creation')
  for (const { user_id, id } of rows) {
    await withdraw(tx, accountId, user_id, [id])
    note(step, user_id, null)
  }
}
