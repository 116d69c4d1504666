import type { Database, Queries } from '../../db/database.ts'
import type { Actor } from '../../lib/actor.ts'
import { Refusal } from '../../lib/errors.ts'
import { secretHash } from '../../lib/secrets.ts'
import { findConversationRef } from '../conversations/service.ts'
import { channels } from '../inboxes/channels.ts'
import { getStoredMessage } from './change.ts'
import { withoutServerFields } from './content.ts'
import { postInTransaction, postingOf, uncounted } from './posting.ts'
import type { Message, NewMessage } from './schema.ts'

/**
 * Sends a message that has failed again, as a new message with the same content and files, and returns its JSON. A message
 * is sent again only once: another call returns the same new message. Throws `not_found`, and `conflict` unless it has
 * failed.
 */
export async function resend(
  database: Database,
  actor: Actor,
  conversationId: number,
  id: number,
): Promise<string> {
  return database.transaction(actor.accountId, async (tx) => {
    const conversation = await findConversationRef(tx, actor, conversationId)
    const { document, status, attachments } = await getStoredMessage(tx, actor, conversationId, id, false)
    if (status !== 'failed') throw new Refusal('conflict', 'only a message that has failed can be sent again')
    const message: Message = JSON.parse(document)
    const draft: NewMessage = {
      content: message.content ?? '',
      message_type: 'outgoing',
      content_type: message.content_type,
      content_attributes: ownAttributes(tx, conversation.channel_type, message.content_attributes),
      private: false,
    }
    const posting = postingOf(tx, actor, conversationId, draft, null, attachments ? uncounted : undefined)
    // The key begins with a space, which no header can: else it could be one that a program has chosen.
    const once = { idempotency_key: ` resend ${id}`, idempotency_hash: secretHash('resend') }
    return (await postInTransaction(tx, actor, { ...posting, ...once, attachments })).document
  })
}

/** Returns the attributes without those that the server or the channel has set. */
function ownAttributes(queries: Queries, channelType: string, attributes: Message['content_attributes']) {
  const own = withoutServerFields(attributes)
  const problems = channels.of(queries).of(channelType).verifyMessage?.(own) ?? []
  return Object.fromEntries(
    Object.entries(own).filter(([name]) => !problems.some(({ field }) => field === name)),
  )
}
