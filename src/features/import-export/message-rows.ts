import { type MessageRow, senderOf } from '../messages/parts.store.ts'
import type { MessageLine } from './conversation-file.ts'
import type { TargetConversation } from './conversation-lookup.ts'
import { fromTime } from './schema.ts'

/** A message to store. */
export interface NewMessage {
  line: MessageLine
  conversation: TargetConversation
  senderId: number | null
}

/** When each contact wrote last, according to new messages. */
export function activityOf(account_id: number, messages: NewMessage[]) {
  const latest = new Map<number, number>()
  for (const { line, conversation } of messages) {
    const { message_type, created_at } = line.message
    if (message_type !== 'incoming') continue
    const { contact_id } = conversation
    latest.set(contact_id, Math.max(latest.get(contact_id) ?? 0, fromTime(created_at)))
  }
  return [...latest].map(([id, at]) => ({ account_id, id, at }))
}

/** The columns of a new message. `attachments` are those of its stored files, as JSON. */
export function messageRow(
  account_id: number,
  id: number,
  { line: { message, attributes }, conversation, senderId }: NewMessage,
  attachments: string | null,
): MessageRow {
  const created_at = fromTime(message.created_at)
  const updated_at = message.updated_at === undefined ? created_at : fromTime(message.updated_at)
  return {
    account_id,
    conversation_id: conversation.id!,
    id,
    inbox_id: conversation.inbox_id,
    message_type: message.message_type,
    content_type: message.content_type,
    content: message.deleted_at === undefined ? message.content : null,
    content_attributes: attributes,
    status: message.status,
    private: message.private ? 1 : 0,
    ...senderOf(message.message_type, conversation.contact_id, senderId),
    echo_id: message.echo_id ?? null,
    source_id: message.source_id,
    created_at,
    updated_at: Math.max(created_at, updated_at),
    deleted_at: message.deleted_at === undefined ? null : fromTime(message.deleted_at),
    idempotency_key: null,
    idempotency_hash: null,
    attachments,
  }
}
