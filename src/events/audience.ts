import type { Tables } from '../db/tables.ts'

/** The parts of an event that decide whether customers may see it. */
type Event = Pick<Tables['events'], 'name' | 'audience' | 'conversation_id'>

/**
 * Whether the customer of the event's conversation may see it. True for messages to both sides and for changes of the
 * conversation, false for private notes.
 */
export function isForCustomers({ name, audience, conversation_id }: Event): boolean {
  if (conversation_id === null) return false
  return audience === 'everyone' || (audience === 'agents' && name.startsWith('conversation_'))
}
