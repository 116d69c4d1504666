import type { Queries } from '../../../db/database.ts'
import { getContact } from '../../contacts/service.ts'
import type { ClientConversation, ClientMessage } from '../../customer-api/schema.ts'
import type { Customer } from '../../customers/customer.ts'
import { toAttachment } from './objects/attachment.ts'
import { uuidOf } from './objects/conversation.ts'
import { messageTypes } from './objects/message.ts'

/** Returns conversations as their contact sees them, each with its last message. */
export async function showPublicConversations(
  queries: Queries,
  customer: Customer,
  conversations: ClientConversation[],
) {
  const { account_id, inbox_id, actor, contact_id } = customer
  const { name, email, phone_number, thumbnail } = await getContact(queries, actor, contact_id)
  const contact = { id: contact_id, name, email, phone_number, thumbnail: thumbnail ?? '' }
  return conversations.map(({ id, status, contact_last_seen_at, agent_last_seen_at, last_message }) => ({
    id,
    uuid: uuidOf(account_id, id),
    inbox_id,
    contact_last_seen_at: contact_last_seen_at ?? 0,
    status,
    agent_last_seen_at: agent_last_seen_at ?? 0,
    messages: last_message ? [publicMessage(last_message, account_id)] : [],
    contact,
  }))
}

/** A message as the contact sees it. */
export function publicMessage(message: ClientMessage, accountId: number) {
  const { id, content, message_type, content_type, content_attributes, created_at, conversation_id } = message
  const files = message.attachments.map((file) => toAttachment(file, id, { accountId, fileTypes: new Map() }))
  return {
    id,
    content,
    message_type: messageTypes[message_type],
    content_type,
    content_attributes,
    created_at,
    conversation_id,
    ...(message.echo_id === null ? {} : { echo_id: message.echo_id }),
    ...(files.length > 0 ? { attachments: files } : {}),
    ...(message.sender ? { sender: senderOf(message.sender) } : {}),
  }
}

const senderTypes = { Contact: 'contact', User: 'user', AgentBot: 'agent_bot' } as const

/** Less than agents see: neither addresses nor attributes. */
function senderOf({ id, name, type, avatar_url }: NonNullable<ClientMessage['sender']>) {
  const picture = avatar_url ?? ''
  return { id, name, available_name: name, avatar_url: picture, thumbnail: picture, type: senderTypes[type] }
}
