import type { Queries } from '../../db/database.ts'
import type { Actor } from '../../lib/actor.ts'
import { invalid } from '../../lib/errors.ts'
import { findConversationRef } from '../conversations/service.ts'
import type { NewMessage } from './schema.ts'
import { findMessage } from './store.ts'

/**
 * Throws `invalid` if a message for the customer answers a private note: they would see that there is one. A message that does
 * not exist can be answered, because bridges know ids of other systems.
 */
export async function assertMayAnswer(
  queries: Queries,
  actor: Actor,
  conversationId: number,
  { private: isNote, content_attributes }: Pick<NewMessage, 'private' | 'content_attributes'>,
): Promise<void> {
  const id = content_attributes.in_reply_to
  // Nearly all messages answer none in particular, and are posted without another query.
  if (isNote || typeof id !== 'number' || !Number.isSafeInteger(id)) return
  await findConversationRef(queries, actor, conversationId)
  const key = { account_id: actor.accountId, conversation_id: conversationId, id }
  if ((await findMessage(queries, key))?.private === 1)
    throw invalid('content_attributes.in_reply_to', 'must not be a private note: the customer sees the reply')
}
