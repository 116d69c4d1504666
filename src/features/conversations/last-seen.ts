import type { Database } from '../../db/database.ts'
import type { Actor } from '../../lib/actor.ts'
import { notFound } from '../../lib/errors.ts'
import { toSeconds } from '../../lib/time.ts'
import { type FieldValues, getConversation, logConversation } from './event-log.ts'
import { messaging } from './messaging.ts'
import type { Conversation } from './schema.ts'
import { lockRow, updateConversation } from './store.ts'

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

async function markSeen(database: Database, actor: Actor, id: number, viewer: Viewer) {
  for (;;) {
    const conversation = await markSeenStep(database, actor, id, viewer)
    if (conversation) return conversation
  }
}

type Viewer = 'agents' | 'contact'

/** Returns undefined if there are more messages to mark. */
function markSeenStep(
  database: Database,
  actor: Actor,
  id: number,
  viewer: Viewer,
): Promise<Conversation | undefined> {
  const { accountId } = actor
  const column = viewer === 'agents' ? 'agent_last_seen_at' : 'contact_last_seen_at'
  const side = viewer === 'agents' ? 'incoming' : 'outgoing'
  return database.transaction(accountId, async (tx) => {
    const before = await lockRow(tx, actor, id)
    if (!before) throw notFound('conversation')
    const lastSeen = before[column] ?? 0
    const { count, more } = await messaging.of(tx).markRead(tx, actor, id, side, lastSeen - clockSlack)
    if (more) return undefined
    const isUnread = viewer === 'agents' && before.unread_count > 0
    const isUpToDate = count === 0 && !isUnread && lastSeen >= before.last_activity_at
    if (!isUpToDate) {
      const now = Math.max(Date.now(), before.last_activity_at)
      await updateConversation(tx, accountId, id, { ...(isUnread ? { unread_count: 0 } : {}), [column]: now })
      const unread: FieldValues = isUnread ? { unread_count: before.unread_count } : {}
      const seen = { [column]: toSeconds(before[column]) }
      await logConversation(tx, actor, id, 'conversation_updated', { ...unread, ...seen })
    }
    return getConversation(tx, actor, id)
  })
}
