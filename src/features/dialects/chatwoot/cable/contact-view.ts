import type { Conversation } from '../../../conversations/schema.ts'
import { toClientMessage } from '../../../customer-api/service.ts'
import type { Message } from '../../../messages/schema.ts'
import { type ConversationPush, conversationPush } from '../objects/conversation.ts'
import { type MessagePush, messagePush } from '../objects/message.ts'
import type { Related } from '../related.ts'

/*
 * What contacts get of messages and conversations: the shapes of Chatwoot, with no more in them than the client API shows.
 * Chatwoot sends them everything, labels and custom attributes too.
 */

const nothing = { additional_attributes: {}, custom_attributes: {} }

/** A message as its contact sees it. */
export function messageForContact(message: Message, related: Related): MessagePush {
  const { content_attributes, echo_id } = toClientMessage(message)
  const push = messagePush({ ...message, content_attributes, echo_id, source_id: null }, related)
  const sender = push.sender?.type === 'contact' ? { ...push.sender, ...nothing } : push.sender
  return { ...push, ...(sender ? { sender } : {}) }
}

/** A conversation as its contact sees it. */
export function conversationForContact(conversation: Conversation, related: Related): ConversationPush {
  const last = conversation.last_message as Message | null
  const push = conversationPush(conversation, related)
  const { sender, ...meta } = push.meta
  return {
    ...push,
    ...nothing,
    labels: [],
    priority: null,
    snoozed_until: null,
    messages: last && isForContact(last) ? [messageForContact(last, related)] : [],
    meta: { ...meta, team: null, sender: { ...sender, ...nothing } },
  }
}

/** Private notes and activity messages are never the last message of a conversation. This does not rely on it. */
function isForContact({ private: isPrivate, message_type }: Message): boolean {
  return !isPrivate && message_type !== 'activity'
}
