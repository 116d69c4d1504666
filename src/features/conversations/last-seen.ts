import type { Database, Queries } from '../../db/database.ts'
import type { Actor } from '../../lib/actor.ts'
import { Slot } from '../../lib/slot.ts'
import { toSeconds } from '../../lib/time.ts'
import { type FieldValues, getConversation, lockConversation, logConversation } from './event-log.ts'
import { messaging } from './messaging.ts'
import type { Conversation } from './schema.ts'
import { updateConversation } from './store.ts'

/** What happens when a user has seen a conversation. The feature `notifications` provides it. */
export interface ConversationViews {
  /** Is called in the transaction; `isNews` says whether it had unread messages. Returns whether to call `announce`. */
  seen(tx: Queries, actor: Actor, id: number, isNews: boolean): Promise<boolean>
  /** Is called after the transaction. */
  announce(actor: Actor): void
}
export const conversationViews = new Slot<ConversationViews>('conversation views')

// How far the clocks of two nodes may differ, or a clock may be set back. Messages from this long before the last visit
// are checked again, because one that arrived after it may have an earlier time.
const clockSlack = 3_600_000

/**
 * Records that agents have seen the whole conversation: nothing is unread, and the contact's messages are `read`. If
 * that is already so, nothing changes. Many messages are marked in several transactions, and the last one resets the
 * unread count. Throws `not_found`.
 */
export function updateLastSeen(database: Database, actor: Actor, id: number): Promise<Conversation> {
  return markSeen(database, actor, id, 'agents')
}

/**
 * The same for the contact: the messages of agents are `read`. The caller must check that the conversation is one of
 * the contact.
 */
export function updateContactLastSeen(database: Database, actor: Actor, id: number): Promise<Conversation> {
  return markSeen(database, actor, id, 'contact')
}

/** Marks the last message of a conversation as unread by agents, if none is unread. Throws `not_found`. */
export function markUnread(database: Database, actor: Actor, id: number): Promise<Conversation> {
  return database.transaction(actor.accountId, async (tx) => {
    const before = await lockConversation(tx, actor, id)
    if (before.unread_count === 0) {
      await updateConversation(tx, actor.accountId, id, { unread_count: 1 })
      await logConversation(tx, actor, id, 'conversation_updated', { unread_count: 0 })
    }
    return getConversation(tx, actor, id)
  })
}

async function markSeen(database: Database, actor: Actor, id: number, viewer: Visit['viewer']) {
  const startedAt = Date.now()
  let since: number | undefined
  for (;;) {
    const step = await markSeenStep(database, actor, id, { viewer, startedAt, since })
    if ('conversation' in step) {
      if (step.isAnnounced) conversationViews.of(database).announce(actor)
      return step.conversation
    }
    since = step.moreSince
  }
}

interface Visit {
  viewer: 'agents' | 'contact'
  /** When the first step began, in milliseconds. */
  startedAt: number
  /** Earlier messages were marked by the steps before; undefined in the first step. */
  since: number | undefined
}

/** Marks some messages. If they were the last ones, it resets the unread count, and returns the conversation. */
function markSeenStep(
  database: Database,
  actor: Actor,
  id: number,
  { viewer, startedAt, since }: Visit,
): Promise<{ conversation: Conversation; isAnnounced: boolean } | { moreSince: number }> {
  const { accountId } = actor
  const column = viewer === 'agents' ? 'agent_last_seen_at' : 'contact_last_seen_at'
  const side = viewer === 'agents' ? 'incoming' : 'outgoing'
  return database.transaction(accountId, async (tx) => {
    const before = await lockConversation(tx, actor, id)
    const lastSeen = before[column] ?? 0
    const oldest = lastSeen - clockSlack
    const markRead = (from: number) => messaging.of(tx).markRead(tx, actor, id, side, from)
    let { count, moreSince } = await markRead(since ?? oldest)
    // A message that has arrived since the first step may have an earlier time than those that the steps have marked.
    if (since !== undefined && moreSince === undefined) {
      ;({ count, moreSince } = await markRead(Math.max(oldest, startedAt - clockSlack)))
    }
    if (moreSince !== undefined) return { moreSince }
    const isUnread = viewer === 'agents' && before.unread_count > 0
    const hasMarked = count > 0 || since !== undefined
    const isUpToDate = !hasMarked && !isUnread && lastSeen >= before.last_activity_at
    if (!isUpToDate) {
      const now = Math.max(Date.now(), before.last_activity_at)
      await updateConversation(tx, accountId, id, { ...(isUnread ? { unread_count: 0 } : {}), [column]: now })
      const unread: FieldValues = isUnread ? { unread_count: before.unread_count } : {}
      const seen = { [column]: toSeconds(before[column]) }
      await logConversation(tx, actor, id, 'conversation_updated', { ...unread, ...seen })
    }
    const isAnnounced =
      viewer === 'agents' && (await conversationViews.of(tx).seen(tx, actor, id, !isUpToDate))
    return { conversation: await getConversation(tx, actor, id), isAnnounced }
  })
}
