import type { Queries } from '../../db/database.ts'
import { type Actor, onBehalfOf } from '../../lib/actor.ts'
import { notFound } from '../../lib/errors.ts'
import { isConversationOf } from './store.ts'

/** A contact who writes through an inbox. */
export interface Customer {
  account_id: number
  inbox_id: number
  contact_id: number
  /** On whose behalf the server acts for them. */
  actor: Actor
}

/** The customer of a contact inbox. The caller must have authenticated them, or must trust the channel that has. */
export function customerOf(of: { account_id: number; inbox_id: number; contact_id: number }): Customer {
  const { account_id, inbox_id, contact_id } = of
  const actor = onBehalfOf(account_id, { type: 'contact', id: contact_id })
  return { account_id, inbox_id, contact_id, actor }
}

/** Throws `not_found` unless it is a conversation of the contact in this inbox. */
export async function assertOwnConversation(queries: Queries, customer: Customer, id: number): Promise<void> {
  if (!(await isConversationOf(queries, customer, id))) throw notFound('conversation')
}
