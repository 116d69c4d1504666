import { type Static, Type } from 'typebox'
import { eventType } from '../../events/catalogue.ts'
import { id, ref } from '../../lib/schema.ts'
import { Conversation } from './schema.ts'

/** The fields of all events about a conversation except `conversation_deleted`. */
const ConversationEvent = {
  id: id('The number of the conversation in its account.'),
  conversation: ref(Conversation),
  changed: Type.Array(Type.String(), {
    description: 'The fields that have changed, such as `status` or `meta.assignee`.',
  }),
  account: Type.Object({ id: id(), name: Type.String() }),
}

export const conversationEvents = [
  eventType('conversation_created', 'A conversation was created.', ConversationEvent),
  eventType(
    'conversation_updated',
    'A conversation was assigned, labelled, seen, or changed in another way.',
    ConversationEvent,
  ),
  eventType(
    'conversation_status_changed',
    'A conversation was resolved, snoozed, set to pending, or reopened.',
    ConversationEvent,
  ),
  eventType('conversation_deleted', 'A conversation and its messages were deleted.', {
    id: id('The number that it had in its account.'),
    conversation: Type.Object({ id: id(), inbox_id: id() }),
    account: Type.Object({ id: id(), name: Type.String() }),
  }),
] as const
export type ConversationEventName = (typeof conversationEvents)[number]['name']
export type ConversationEvent = Static<(typeof conversationEvents)[number]['schema']>
