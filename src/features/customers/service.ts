import type { Database } from '../../db/database.ts'
import { Refusal } from '../../lib/errors.ts'
import type { Upload } from '../attachments/service.ts'
import { assertNotBlocked } from '../contacts/service.ts'
import { updateContactLastSeen } from '../conversations/last-seen.ts'
import { createConversation } from '../conversations/service.ts'
import { postOfContact } from '../messages/service.ts'
import { type Submission, submitAnswer } from '../messages/submission.ts'
import { applyOwnChange, type OwnDetails } from './contact.ts'
import { assertOwnConversation, type Customer } from './customer.ts'
import { countUnresolved } from './store.ts'

/** Changes what the contact says about themselves. Throws `not_found`. */
export function changeOwnContact(database: Database, customer: Customer, input: OwnDetails): Promise<void> {
  return database.transaction(customer.account_id, (tx) => applyOwnChange(tx, customer, input))
}

// Unresolved conversations of a contact in an inbox. Without a limit, one visitor could flood the list of conversations.
const maxUnresolved = 5

/**
 * Starts a conversation and returns its id. Throws `contact_blocked`, or `limit_reached` if the contact has too many
 * unresolved conversations.
 */
export async function startConversation(database: Database, customer: Customer): Promise<number> {
  const { account_id, inbox_id, contact_id, actor } = customer
  await assertNotBlocked(database.read, account_id, contact_id)
  if ((await countUnresolved(database.read, customer, maxUnresolved)) === maxUnresolved) {
    const rule = `this contact already has ${maxUnresolved} unresolved conversations: write in one of them`
    throw new Refusal('limit_reached', rule)
  }
  const input = { inbox_id, contact_id, status: 'open' as const }
  return (await createConversation(database, actor, input)).id
}

/** Marks the conversation as seen by the contact: messages of agents become `read`. Throws `not_found`. */
export async function markAsSeen(database: Database, customer: Customer, id: number): Promise<void> {
  await assertOwnConversation(database.read, customer, id)
  await updateContactLastSeen(database, customer.actor, id)
}

/**
 * Posts a message with the files of `upload`, if any, and returns its JSON. Throws `not_found`, or `contact_blocked`.
 */
export async function postMessage(
  database: Database,
  customer: Customer,
  id: number,
  { content, echo_id = null }: { content: string; echo_id?: string | null },
  key: string | null,
  upload?: Upload,
): Promise<{ document: string; replayed: boolean }> {
  await assertOwnConversation(database.read, customer, id)
  const draft = { content, echo_id, message_type: 'incoming', private: false } as const
  const message = { ...draft, content_type: 'text' as const, content_attributes: {} }
  return postOfContact(database, customer.actor, id, message, key, upload)
}

/**
 * Stores a contact's answer to an interactive message, and returns the JSON of the message. A submitted e-mail address
 * becomes that of the contact, or a claim if another contact has it. Throws `not_found`, `contact_blocked`,
 * `already_answered`, and `invalid` if the values are not what it asks for.
 */
export function submitValues(
  database: Database,
  customer: Customer,
  conversationId: number,
  id: number,
  submission: Submission,
): Promise<string> {
  const { account_id } = customer
  return database.transaction(account_id, async (tx) => {
    await assertNotBlocked(tx, account_id, customer.contact_id)
    await assertOwnConversation(tx, customer, conversationId)
    const key = { account_id, conversation_id: conversationId, id }
    const document = await submitAnswer(tx, customer.actor, key, submission)
    const { submitted_email } = JSON.parse(document).content_attributes
    if (typeof submitted_email === 'string') await applyOwnChange(tx, customer, { email: submitted_email })
    return document
  })
}
