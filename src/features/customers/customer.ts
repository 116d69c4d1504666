import type { Queries } from '../../db/database.ts'
import { type Actor, onBehalfOf } from '../../lib/actor.ts'
import { notFound } from '../../lib/errors.ts'
import { assertNotMerged } from '../conversations/merged.ts'
import { findConversationOf, findLatestConversation } from './store.ts'

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

/** Throws `not_found` unless it is a conversation of the contact in this inbox, and `conflict` if it was merged. */
export async function assertOwnConversation(queries: Queries, customer: Customer, id: number): Promise<void> {
  const conversation = await findConversationOf(queries, customer, id)
  if (!conversation) throw notFound('conversation')
  assertNotMerged(conversation)
}

/**
 * Returns the id of a conversation of the contact in this inbox, or of the one that it was merged into. Throws `not_found` if
 * it is not theirs.
 */
export async function currentConversationId(
  queries: Queries,
  customer: Customer,
  id: number,
): Promise<number> {
  const conversation = await findConversationOf(queries, customer, id)
  if (!conversation) throw notFound('conversation')
  const { merged_into_id } = conversation
  return merged_into_id === null ? id : currentConversationId(queries, customer, merged_into_id)
}

/** Returns the id of the contact's conversation in the inbox with the latest activity. */
export function latestConversationOf(
  queries: Queries,
  customer: Omit<Customer, 'actor'>,
): Promise<number | undefined> {
  return findLatestConversation(queries, customer)
}
