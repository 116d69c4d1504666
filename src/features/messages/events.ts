import { type Static, Type } from 'typebox'
import { eventType } from '../../events/catalogue.ts'
import { id, nullable, oneOf } from '../../lib/schema.ts'
import { Message } from './schema.ts'

/** The fields of every event about a message: those of the message in lists, and more. */
const MessageEvent = {
  ...Message.properties,
  conversation: Type.Object({
    id: id(),
    status: oneOf(['open', 'resolved', 'pending', 'snoozed']),
    inbox_id: id(),
  }),
  contact: Type.Object({ id: id(), name: Type.String(), email: nullable(Type.String()) }),
  changed: Type.Array(Type.String(), { description: 'The fields of the message that have changed.' }),
  account: Type.Object({ id: id(), name: Type.String() }),
}

export const messageEvents = [
  eventType('message_created', 'A message, a private note or an activity message was created.', MessageEvent),
  eventType('message_updated', 'A message was edited, delivered, read or answered.', MessageEvent),
  eventType('message_deleted', 'A message was deleted; its content is null.', MessageEvent),
] as const
export type MessageEventName = (typeof messageEvents)[number]['name']
export type MessageEvent = Static<(typeof messageEvents)[number]['schema']>
