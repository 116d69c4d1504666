import type { Database } from '../../db/database.ts'
import type { Actor } from '../../lib/actor.ts'
import { notFound } from '../../lib/errors.ts'
import { type Field, getConversation, logConversation, messaging } from './record.ts'
import type { Conversation } from './schema.ts'
import { lockRow, updateConversation } from './store.ts'

// How far the clocks of two nodes may be apart, or one be set back: as long before the last look, messages are looked
// at again, since one that came after it may have an earlier time.
const clockSlack = 3_600_000

/**
 * Notes that agents have seen all there is: nothing is unread, and what the contact wrote is `read`. Where that is so
 * already nothing changes. Many unread messages are marked in several transactions, the count in the last one. Throws
 * `not_found`.
 */
export function updateLastSeen(database: Database, actor: Actor, id: number): Promise<Conversation> {
  return lookUntilSeen(database, actor, id, 'agents')
}

/** The same of the contact: what agents wrote is `read`. The caller has made sure whose conversation it is. */
export function updateContactLastSeen(database: Database, system: Actor, id: number): Promise<Conversation> {
  return lookUntilSeen(database, system, id, 'contact')
}

async function lookUntilSeen(database: Database, actor: Actor, id: number, who: Looker) {
  for (;;) {
    const seen = await lookOnce(database, actor, id, who)
    if (seen) return seen
  }
}

type Looker = 'agents' | 'contact'

/** Undefined where there is more to mark. */
function lookOnce(
  database: Database,
  actor: Actor,
  id: number,
  who: Looker,
): Promise<Conversation | undefined> {
  const { accountId } = actor
  const column = who === 'agents' ? 'agent_last_seen_at' : 'contact_last_seen_at'
  const side = who === 'agents' ? 'incoming' : 'outgoing'
  return database.transaction(accountId, async (tx) => {
    const before = await lockRow(tx, actor, id)
    if (!before) throw notFound('conversation')
    const lastSeen = before[column] ?? 0
    const { count, more } = await messaging.get().markRead(tx, accountId, id, side, lastSeen - clockSlack)
    if (more) return undefined
    const isUnread = who === 'agents' && before.unread_count > 0
    const isSeen = count === 0 && !isUnread && lastSeen >= before.last_activity_at
    if (!isSeen) {
      const now = Math.max(Date.now(), before.last_activity_at)
      await updateConversation(tx, accountId, id, { ...(isUnread ? { unread_count: 0 } : {}), [column]: now })
      const changed: Field[] = isUnread ? ['unread_count', column] : [column]
      await logConversation(tx, actor, id, 'conversation_updated', changed)
    }
    return getConversation(tx, actor, id)
  })
}
