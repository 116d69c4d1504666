import type { Database, Queries } from '../../db/database.ts'
import { Refusal } from '../../lib/errors.ts'
import type { Upload } from '../attachments/service.ts'
import { assertNotBlocked } from '../contacts/service.ts'
import { toggleStatus } from '../conversations/change.ts'
import { updateContactLastSeen } from '../conversations/last-seen.ts'
import * as messages from '../messages/first-message.ts'
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

/** The first message of a conversation, and what repeats the request that starts it. */
export interface StartRequest {
  message?: { content?: string; echo_id?: string | null } | undefined
  key: string | null
  upload?: Upload | undefined
}

/**
 * Starts a conversation, with a message if there is one, and returns its id. Throws `contact_blocked`, or `limit_reached` if
 * the contact has too many unresolved conversations.
 */
export async function startConversation(
  database: Database,
  customer: Customer,
  { message, key, upload }: StartRequest = { key: null },
): Promise<{ id: number; replayed: boolean }> {
  const { inbox_id, contact_id, actor } = customer
  await assertMayStart(database.read, customer)
  // No other fields: customers cannot write notes or interactive messages.
  const { content = '', echo_id = null } = message ?? {}
  const first = message || upload?.count ? { message: { content, echo_id, message_type: 'incoming' } } : {}
  const { conversation, replayed } = await messages.startConversation(
    database,
    actor,
    { inbox_id, contact_id, ...first },
    {
      idempotencyKey: key,
      upload,
      isFromContact: true,
      async assertAllowed(tx) {
        // The new one is among them.
        if ((await countUnresolved(tx, customer, maxUnresolved + 1)) <= maxUnresolved) return
        const rule = `this contact already has ${maxUnresolved} unresolved conversations: write in one of them`
        throw new Refusal('limit_reached', rule)
      },
    },
  )
  return { id: conversation.id, replayed }
}

/** Throws `contact_blocked` if the contact may not start a conversation. */
export function assertMayStart(queries: Queries, { account_id, contact_id }: Customer): Promise<void> {
  return assertNotBlocked(queries, account_id, contact_id)
}

/** Resolves the conversation on behalf of the contact. Throws `not_found`. */
export async function resolveConversation(database: Database, customer: Customer, id: number): Promise<void> {
  await assertOwnConversation(database.read, customer, id)
  await toggleStatus(database, customer.actor, id, { status: 'resolved' })
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
