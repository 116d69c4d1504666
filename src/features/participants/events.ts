import { Type } from 'typebox'
import { eventType } from '../../events/catalogue.ts'
import { id } from '../../lib/schema.ts'

/*
 * Not `conversation_...`: events for agents whose name begins like that are also for the contact, who must not learn which
 * agents follow the conversation.
 */
export const participantEvents = [
  eventType('participants_changed', 'The participants of a conversation were changed by a call.', {
    id: id('The number of the conversation in its account.'),
    conversation: Type.Object({ id: id(), inbox_id: id() }),
    participants: Type.Array(Type.Object({ id: id(), name: Type.String() }), {
      description: 'All agents who follow it now.',
    }),
    changed: Type.Array(Type.String()),
    account: Type.Object({ id: id(), name: Type.String() }),
  }),
] as const
