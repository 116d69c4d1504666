import type { Queries } from '../../../../db/database.ts'
import { createTarget, findTargetOf } from '../../../../deliveries/targets.ts'
import { appendEvent } from '../../../../events/append.ts'
import type { Actor } from '../../../../lib/actor.ts'
import { invalid } from '../../../../lib/errors.ts'
import { getConversation } from '../../../conversations/event-log.ts'
import { assertMayGet } from '../outgoing/transcript.ts'

/** The name of the sender, and of its only target in an account. */
export const targetName = 'mail transcripts'

/** The name of the event that makes the server send a transcript. Nobody else gets it. */
export const requestedEvent = 'transcript_requested'

/**
 * Sends a transcript after the commit, with retries, and returns the address. Without an address it is that of the contact.
 * Throws `invalid` if the contact has none, or if the address is neither that of the contact nor of an agent.
 */
export async function requestTranscript(
  tx: Queries,
  actor: Actor,
  conversationId: number,
  address: string | undefined,
): Promise<string> {
  const { accountId } = actor
  const conversation = await getConversation(tx, actor, conversationId)
  const email = address ?? conversation.contact.email
  if (email === null) throw invalid('email', 'is required: the contact has no email address', 'required')
  await assertMayGet(tx, accountId, conversation, email)
  // Before the event: a target gets only what is newer than itself.
  if ((await findTargetOf(tx, accountId, targetName)) === undefined)
    await createTarget(tx, accountId, targetName)
  await appendEvent(tx, actor, {
    conversation_id: conversationId,
    inbox_id: conversation.inbox_id,
    contact_id: conversation.contact.id,
    name: requestedEvent,
    audience: 'server',
    data: JSON.stringify({ event: requestedEvent, id: conversationId, email }),
  })
  return email
}
