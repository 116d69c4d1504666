import type { Database, Queries } from '../../db/database.ts'
import { type Actor, onBehalfOf } from '../../lib/actor.ts'
import { notFound, Refusal } from '../../lib/errors.ts'
import { toSeconds } from '../../lib/time.ts'
import type { Upload } from '../attachments/service.ts'
import { findContactInboxBySecret } from '../contacts/contact-inboxes.ts'
import { assertNotBlocked } from '../contacts/service.ts'
import { updateContactLastSeen } from '../conversations/last-seen.ts'
import { createConversation } from '../conversations/service.ts'
import type { Message } from '../messages/schema.ts'
import { postOfContact } from '../messages/service.ts'
import type { ClientConversation, ClientMessage, ClientMessageQuery, NewClientMessage } from './schema.ts'
import { countUnresolved, isConversationOf, selectConversationsOf, selectMessages } from './store.ts'

/** A contact at an inbox, authenticated by its secret `source_id` there. */
export interface Customer {
  account_id: number
  inbox_id: number
  contact_id: number
  source_id: string
  actor: Actor
}

/** The customer with this `source_id`; undefined in the cases in which `getCustomer` throws. */
export async function findCustomer(
  queries: Queries,
  identifier: string,
  sourceId: string,
): Promise<Customer | undefined> {
  const contactInbox = await findContactInboxBySecret(queries, identifier, sourceId)
  if (!contactInbox) return undefined
  const { account_id, contact_id } = contactInbox
  const actor = onBehalfOf(account_id, { type: 'contact', id: contact_id })
  return { ...contactInbox, source_id: sourceId, actor }
}

/**
 * The customer with this `source_id`. Throws the same `unknown_source_id` for an unknown inbox, an unknown `source_id`, one of
 * another inbox, and a name that a program has chosen.
 */
export async function getCustomer(queries: Queries, identifier: string, sourceId: string): Promise<Customer> {
  const customer = await findCustomer(queries, identifier, sourceId)
  if (!customer) throw new Refusal('unknown_source_id', 'contact not found')
  return customer
}

/** The latest 100 conversations of the contact in this inbox. */
export async function listOwnConversations(
  queries: Queries,
  customer: Customer,
): Promise<ClientConversation[]> {
  return (await selectConversationsOf(queries, customer)).map(toClientConversation)
}

// Unresolved conversations of a contact in an inbox. Without a limit, one visitor could flood the list of conversations.
const maxUnresolved = 5

/**
 * Starts a conversation. Throws `contact_blocked`, or `limit_reached` if the contact has too many unresolved
 * conversations.
 */
export async function startConversation(database: Database, customer: Customer): Promise<ClientConversation> {
  const { account_id, inbox_id, contact_id, actor } = customer
  await assertNotBlocked(database.read, account_id, contact_id)
  if ((await countUnresolved(database.read, customer, maxUnresolved)) === maxUnresolved) {
    const rule = `this contact already has ${maxUnresolved} unresolved conversations: write in one of them`
    throw new Refusal('limit_reached', rule)
  }
  const input = { inbox_id, contact_id, status: 'open' as const }
  const { id } = await createConversation(database, actor, input)
  return getOwnConversation(database.read, customer, id)
}

/** A conversation of the contact in this inbox. Throws `not_found`. */
async function getOwnConversation(queries: Queries, customer: Customer, id: number) {
  const [row] = await selectConversationsOf(queries, customer, id)
  if (!row) throw notFound('conversation')
  return toClientConversation(row)
}

/** Throws `not_found` unless it is a conversation of the contact in this inbox. */
export async function assertOwnConversation(queries: Queries, customer: Customer, id: number): Promise<void> {
  if (!(await isConversationOf(queries, customer, id))) throw notFound('conversation')
}

function toClientConversation(
  row: Awaited<ReturnType<typeof selectConversationsOf>>[number],
): ClientConversation {
  return {
    id: row.id,
    status: row.status,
    created_at: toSeconds(row.created_at),
    last_activity_at: toSeconds(row.last_activity_at),
    agent_last_seen_at: toSeconds(row.agent_last_seen_at),
    contact_last_seen_at: toSeconds(row.contact_last_seen_at),
    unread_count: row.unread_count ?? 0,
    last_message: row.last_message === null ? null : toClientMessage(JSON.parse(row.last_message)),
  }
}

/** Marks the conversation as seen by the contact: messages of agents become `read`. Throws `not_found`. */
export async function markAsSeen(
  database: Database,
  customer: Customer,
  id: number,
): Promise<ClientConversation> {
  await assertOwnConversation(database.read, customer, id)
  await updateContactLastSeen(database, customer.actor, id)
  return getOwnConversation(database.read, customer, id)
}

/** A page of messages, without private notes, activity lines and deleted messages. Throws `not_found`. */
export async function listOwnMessages(
  queries: Queries,
  customer: Customer,
  id: number,
  { limit, before_id, after_id }: ClientMessageQuery,
) {
  await assertOwnConversation(queries, customer, id)
  const direction = after_id === undefined ? 'desc' : 'asc'
  const range = { first: (after_id ?? 0) + 1, last: (before_id ?? Number.MAX_SAFE_INTEGER) - 1 }
  const conversation = { account_id: customer.account_id, conversation_id: id }
  const messages = await selectMessages(queries, direction, { ...conversation, ...range, limit: limit + 1 })
  const payload = messages.slice(0, limit).map(toClientMessage)
  if (direction === 'desc') payload.reverse()
  return { payload, meta: { has_more: messages.length > limit } }
}

/** Posts a message with the files of `upload`, if any. Throws `not_found`, or `contact_blocked`. */
export async function postMessage(
  database: Database,
  customer: Customer,
  id: number,
  { content, echo_id = null }: NewClientMessage,
  key: string | null,
  upload?: Upload,
): Promise<{ message: ClientMessage; replayed: boolean }> {
  await assertOwnConversation(database.read, customer, id)
  const draft = { content, echo_id, message_type: 'incoming', private: false } as const
  const message = { ...draft, content_type: 'text' as const, content_attributes: {} }
  const { document, replayed } = await postOfContact(database, customer.actor, id, message, key, upload)
  return { message: toClientMessage(JSON.parse(document)), replayed }
}

// Other attributes belong to programs and agents.
const visibleAttributes = ['items', 'submitted_values', 'submitted_email', 'edited_at', 'deleted']

/** A message as the contact may see it. */
export function toClientMessage(message: Message): ClientMessage {
  const { id, content, content_type, status, created_at, updated_at, conversation_id, sender } = message
  const attributes = Object.entries(message.content_attributes)
  return {
    id,
    content,
    content_type,
    content_attributes: Object.fromEntries(attributes.filter(([name]) => visibleAttributes.includes(name))),
    message_type: message.message_type as ClientMessage['message_type'],
    status,
    created_at,
    updated_at,
    conversation_id,
    echo_id: message.message_type === 'incoming' ? message.echo_id : null,
    sender,
    attachments: message.attachments,
  }
}
