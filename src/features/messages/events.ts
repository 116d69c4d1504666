import { type Static, Type } from 'typebox'
import { eventType } from '../../events/catalogue.ts'
import { id, nullable, oneOf } from '../../lib/schema.ts'
import { Message } from './schema.ts'

const {
  content,
  content_type,
  content_attributes,
  message_type,
  status,
  echo_id,
  source_id,
  sender,
  attachments,
} = Message.properties

/** The fields of every event about a message. */
const MessageEvent = {
  id: Type.String({ description: 'The id of the message.' }),
  content,
  content_type,
  content_attributes,
  message_type,
  status,
  private: Message.properties.private,
  created_at: Type.String({ description: 'ISO 8601.' }),
  updated_at: Type.String({ description: 'ISO 8601.' }),
  echo_id,
  source_id,
  sender,
  attachments,
  conversation: Type.Object({
    id: id(),
    status: oneOf(['open', 'resolved', 'pending', 'snoozed']),
    inbox_id: id(),
  }),
  contact: Type.Object({ id: id(), name: Type.String(), email: nullable(Type.String()) }),
  account: Type.Object({ id: id(), name: Type.String() }),
}

export const messageEvents = [
  eventType('message_created', 'A message, a private note or an activity message was created.', MessageEvent),
  eventType('message_updated', 'A message was edited, delivered, read or answered.', MessageEvent),
  eventType('message_deleted', 'A message was deleted; its content is null.', MessageEvent),
] as const
export type MessageEventName = (typeof messageEvents)[number]['name']
export type MessageEvent = Static<(typeof messageEvents)[number]['schema']>
