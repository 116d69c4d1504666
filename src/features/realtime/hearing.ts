import { isForCustomers } from '../../events/audience.ts'
import type { LoggedEvent } from '../../events/read.ts'

/** Of an event, what decides who hears it. */
export type Told = Pick<LoggedEvent, 'name' | 'audience' | 'conversation_id' | 'inbox_id' | 'contact_id'>

/** What a reader may hear. */
export type Access = MemberAccess | ContactAccess

export interface MemberAccess {
  userId: number
  /** The inboxes that they work in. */
  inboxes: ReadonlySet<number> | 'all'
}

/** A customer hears of their own conversations of one inbox. */
export interface ContactAccess {
  contactId: number
  inboxId: number
}

/** What a reader wants to hear of what they may. */
export interface Narrowing {
  conversationId: number | undefined
  names: ReadonlySet<string> | undefined
}

export function mayHear(access: Access, event: Told): boolean {
  return 'userId' in access ? memberMayHear(access, event) : contactMayHear(access, event)
}

/** Administrators hear all but what the server tells itself; agents what is of their inboxes, and of none. */
export function memberMayHear({ inboxes }: MemberAccess, event: Told): boolean {
  if (event.audience === 'server') return false
  if (inboxes === 'all') return true
  return event.inbox_id === null || inboxes.has(event.inbox_id)
}

/** The customer's side hears of the contact's own conversations of its inbox; never of a note. */
export function contactMayHear({ contactId, inboxId }: ContactAccess, event: Told): boolean {
  return event.contact_id === contactId && event.inbox_id === inboxId && isForCustomers(event)
}

/** Whether a reader asked for it. */
export function isWanted({ conversationId, names }: Narrowing, event: Told): boolean {
  if (conversationId !== undefined && event.conversation_id !== conversationId) return false
  return names === undefined || names.has(event.name)
}
