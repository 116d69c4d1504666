import type { Queries } from '../../db/database.ts'
import type { Context } from '../../http/feature.ts'
import { systemOf } from '../../lib/actor.ts'
import { getContact } from '../contacts/service.ts'
import { channels } from '../inboxes/channels.ts'
import { findChannelInbox } from '../inboxes/service.ts'
import { advanceStatus } from '../messages/change.ts'
import type { Message } from '../messages/schema.ts'
import { get } from '../messages/service.ts'
import type { Channel, Outcome, Outgoing } from './channel.ts'
import { findIdentity, findNewestSourceId } from './store.ts'

/** A message to send. */
export interface MessageRef {
  account_id: number
  conversation_id: number
  id: number
}

/** Whether the channel must send a message: to the contact, and neither sent already nor from the channel itself. */
export function isToBeSent(
  message: Pick<Message, 'message_type' | 'private' | 'status' | 'source_id'>,
): boolean {
  const { message_type, status, source_id } = message
  return message_type === 'outgoing' && !message.private && status === 'sent' && source_id === null
}

/** Whether the channel of this type sends messages at all. */
export function sends(queries: Queries, channelType: string): boolean {
  return channelOf(queries, channelType).send !== undefined
}

function channelOf(queries: Queries, type: string): Channel {
  return channels.of(queries).of(type) as Channel
}

/**
 * Makes one attempt to send a message. Returns undefined if there is nothing to send any more: the message was deleted, was
 * sent before, or its inbox is gone. `record()` must store the result.
 */
export async function sendMessage(
  context: Context,
  ref: MessageRef,
  signal: AbortSignal,
): Promise<Outcome | undefined> {
  const outgoing = await readOutgoing(context.database.read, ref)
  const channel = outgoing && channelOf(context.database.read, outgoing.inbox.channel_type)
  if (!channel?.send || !isToBeSent(outgoing!.message)) return undefined
  try {
    return await channel.send(outgoing as never, context, signal)
  } catch (error) {
    return { state: 'retry', reason: error instanceof Error ? error.message : String(error) }
  }
}

async function readOutgoing(queries: Queries, ref: MessageRef): Promise<Outgoing | undefined> {
  const { account_id, conversation_id, id } = ref
  const system = systemOf(account_id)
  const recipient = await findIdentity(queries, ref)
  if (!recipient) return undefined
  const message = JSON.parse(await get(queries, system, conversation_id, id, true)) as Message
  const inbox = await findChannelInbox(queries, account_id, message.inbox_id)
  if (!inbox || message.content === null) return undefined
  return {
    inbox,
    message,
    contact: await getContact(queries, system, recipient.contact_id),
    identity: recipient.identity,
    replyTo: await findNewestSourceId(queries, ref),
  }
}

/**
 * Stores how sending a message has ended: its `source_id` and attributes, or why it failed. Call it when no attempt will
 * follow.
 */
export async function record(tx: Queries, ref: MessageRef, outcome: Outcome): Promise<void> {
  if (outcome.state === 'sent') {
    const { sourceId = null, attributes } = outcome
    await advanceStatus(tx, ref, { status: 'sent' }, { sourceId, attributes })
  } else await advanceStatus(tx, ref, { status: 'failed', external_error: outcome.reason })
}
