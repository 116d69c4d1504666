import { isoOfSeconds, toSeconds } from '../../../../lib/time.ts'
import type { Message as MainMessage } from '../../../messages/schema.ts'
import type { Related, RelatedToMessages } from '../related.ts'
import { toAttachment } from './attachment.ts'
import { botPush } from './bot.ts'
import { contactPush } from './contact.ts'
import { userPush } from './user.ts'

/** The number of each type of message. Imported templates are outgoing messages here. */
export const messageTypes = { incoming: 0, outgoing: 1, activity: 2, template: 3 } as const

const deletedContent = 'This message was deleted'

/**
 * A message in a list, and the response to a request that sends one. JSON leaves out what is undefined: spreading an object
 * for each field that may be missing takes longer than writing the JSON.
 */
export function toMessage(message: MainMessage, related: RelatedToMessages) {
  const { id, content_type, status, created_at, conversation_id, inbox_id, source_id, attachments } = message
  const { content, content_attributes } = contentOf(message)
  const files = attachments.map((file) => toAttachment(file, id, related))
  return {
    id,
    content,
    content_attributes,
    inbox_id,
    conversation_id,
    message_type: typeOf(message),
    content_type,
    status,
    created_at,
    private: message.private,
    source_id,
    sender: senderOf(message, related),
    attachments: files.length > 0 ? files : undefined,
  }
}
export type Message = ReturnType<typeof toMessage>

/** A message in events and as the last one of a conversation: Chatwoot's `Message#push_event_data`. */
export function messagePush(message: MainMessage, related: Related) {
  const conversation = related.conversations.get(message.conversation_id)
  const shown = toMessage(message, related)
  return Object.assign(shown, {
    echo_id: message.echo_id ?? undefined,
    account_id: related.accountId,
    updated_at: isoOfSeconds(message.updated_at),
    sender_type: message.sender?.type ?? null,
    sender_id: message.sender?.id ?? null,
    external_source_ids: {},
    additional_attributes: {},
    processed_message_content: shown.content,
    sentiment: {},
    conversation: {
      assignee_id: conversation?.assignee_id ?? null,
      unread_count: conversation?.unread_count ?? 0,
      last_activity_at: toSeconds(conversation?.last_activity_at ?? null) ?? 0,
      contact_inbox: { source_id: conversation?.source_id ?? null },
    },
  })
}
export type MessagePush = ReturnType<typeof messagePush>

/** The number of the type of a message. */
export function typeOf({ message_type, content_attributes }: MainMessage): number {
  if (message_type === 'outgoing' && content_attributes.template === true) return messageTypes.template
  return messageTypes[message_type]
}

/** The content of a message. Programs know a deleted one by exactly these attributes. */
export function contentOf({ content, content_attributes }: MainMessage) {
  if (content === null && content_attributes.deleted === true)
    return { content: deletedContent, content_attributes: { deleted: true } }
  return { content, content_attributes }
}

/** Who has sent a message. Activity messages have no sender. */
export function senderOf({ sender }: MainMessage, { users, contacts, bots }: RelatedToMessages) {
  if (sender === null) return undefined
  const { id, name, avatar_url } = sender
  if (sender.type === 'Contact') {
    const contact = contacts.get(id)
    return contact && contactPush(contact)
  }
  if (sender.type === 'AgentBot') return botPush(bots.get(id) ?? { id, name })
  return userPush(users.get(id) ?? { id, name, avatar_url, availability: null })
}
