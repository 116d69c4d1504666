import type { Tables } from '../db/tables.ts'

/** Of an event, what decides whether customers may know of it. */
type Event = Pick<Tables['events'], 'name' | 'audience' | 'conversation_id'>

/**
 * Whether an event may reach the customer's side, where its conversation is theirs: what was said to both sides, and
 * what has become of the conversation; never a note.
 */
export function isForCustomers({ name, audience, conversation_id }: Event): boolean {
  if (conversation_id === null) return false
  return audience === 'everyone' || (audience === 'agents' && name.startsWith('conversation_'))
}
