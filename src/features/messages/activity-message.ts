import type { Queries } from '../../db/database.ts'
import { actorColumns } from '../../events/append.ts'
import { type Actor, systemOf } from '../../lib/actor.ts'
import { sentenceOf } from '../conversations/activity.ts'
import { scopeOf } from '../conversations/parts.store.ts'
import type { Activity } from '../conversations/schema.ts'
import { senderOf } from './parts.store.ts'
import { insertPosting } from './posting.store.ts'

/**
 * Adds an activity message about what `actor` has done, without a sender. It does not reopen the conversation, and does
 * not count as unread.
 */
export async function writeActivity(
  tx: Queries,
  actor: Actor,
  conversationId: number,
  activity: Activity,
): Promise<void> {
  await insertPosting(tx, {
    ...scopeOf(systemOf(actor.accountId), conversationId),
    ...actorColumns(actor),
    message_type: 'activity',
    content_type: 'text',
    content: sentenceOf(activity),
    content_attributes: JSON.stringify({ activity }),
    private: 0,
    ...senderOf('activity', null, null),
    echo_id: null,
    source_id: null,
    idempotency_key: null,
    idempotency_hash: null,
    attachments: null,
    now: Date.now(),
    from_contact: 0,
    channel_types: null,
  })
}
