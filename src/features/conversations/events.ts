import { type Static, Type } from 'typebox'
import { eventType } from '../../events/catalogue.ts'
import { id, ref } from '../../lib/schema.ts'
import { Conversation } from './schema.ts'

/** What every event about a conversation tells. */
const ConversationEvent = {
  id: Type.String({ description: 'The number of the conversation in its account.' }),
  conversation: ref(Conversation),
  changed: Type.Array(Type.String(), {
    description: 'The fields of the conversation that have changed, such as `status` or `meta.assignee`.',
  }),
  account: Type.Object({ id: id(), name: Type.String() }),
}

export const conversationEvents = [
  eventType('conversation_created', 'A conversation was begun.', ConversationEvent),
  eventType(
    'conversation_updated',
    'A conversation was assigned, labelled, read or changed otherwise.',
    ConversationEvent,
  ),
  eventType(
    'conversation_status_changed',
    'A conversation was resolved, snoozed, set pending or opened again.',
    ConversationEvent,
  ),
  eventType('conversation_deleted', 'A conversation was deleted, with its messages.', {
    id: Type.String({ description: 'The number that it had in its account.' }),
    conversation: Type.Object({ id: id(), inbox_id: id() }),
    account: Type.Object({ id: id(), name: Type.String() }),
  }),
] as const
export type ConversationEventName = (typeof conversationEvents)[number]['name']
export type ConversationEvent = Static<(typeof conversationEvents)[number]['schema']>
