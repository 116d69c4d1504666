import { isForCustomers } from '../../events/audience.ts'
import type { LoggedEvent } from '../../events/read.ts'

/** The fields of an event that decide who receives it. */
export type EventHeader = Pick<
  LoggedEvent,
  'name' | 'audience' | 'conversation_id' | 'inbox_id' | 'contact_id'
>

/** Which events a subscriber may see. */
export type Access = MemberAccess | ContactAccess

export interface MemberAccess {
  userId: number
  /** The inboxes that the user is a member of. */
  inboxes: ReadonlySet<number> | 'all'
}

/** A customer sees their own conversations in one inbox. */
export interface ContactAccess {
  contactId: number
  inboxId: number
}

/** Narrows the events that a subscriber may see to those they asked for. `undefined` means no restriction. */
export interface EventFilter {
  conversationId: number | undefined
  names: ReadonlySet<string> | undefined
}

/** Returns whether a subscriber with this access may see an event. */
export function maySee(access: Access, event: EventHeader): boolean {
  return 'userId' in access ? memberMaySee(access, event) : contactMaySee(access, event)
}

/**
 * Administrators see all events except those meant only for the server. Agents see only events of their inboxes and
 * events that belong to no inbox.
 */
export function memberMaySee({ inboxes }: MemberAccess, event: EventHeader): boolean {
  if (event.audience === 'server') return false
  if (inboxes === 'all') return true
  return event.inbox_id === null || inboxes.has(event.inbox_id)
}

/** Customers see the events of their own conversations in this inbox, but never private notes. */
export function contactMaySee({ contactId, inboxId }: ContactAccess, event: EventHeader): boolean {
  return event.contact_id === contactId && event.inbox_id === inboxId && isForCustomers(event)
}

/** Returns whether the subscriber asked for this event. */
export function matchesFilter({ conversationId, names }: EventFilter, event: EventHeader): boolean {
  if (conversationId !== undefined && event.conversation_id !== conversationId) return false
  return names === undefined || names.has(event.name)
}
