import type { Database, Queries } from '../../db/database.ts'
import { notFound, Refusal } from '../../lib/errors.ts'
import { toSeconds } from '../../lib/time.ts'
import type { Upload } from '../attachments/service.ts'
import { findContactInboxBySecret } from '../contacts/contact-inboxes.ts'
import { assertOwnConversation, type Customer, customerOf } from '../customers/customer.ts'
import * as customers from '../customers/service.ts'
import type { Message } from '../messages/schema.ts'
import { isOpen } from './inbox.ts'
import type {
  ClientConversation,
  ClientMessage,
  ClientMessageQuery,
  NewClientMessage,
  SubmittedValues,
} from './schema.ts'
import { selectConversationsOf, selectMessages } from './store.ts'

/** A customer who is authenticated by their secret `source_id` at the inbox. */
export interface ClientCustomer extends Customer {
  source_id: string
}

/** The customer with this `source_id`; undefined in the cases in which `getCustomer` throws. */
export async function findCustomer(
  queries: Queries,
  identifier: string,
  sourceId: string,
): Promise<ClientCustomer | undefined> {
  const found = await findContactInboxBySecret(queries, identifier, sourceId)
  if (!found || !isOpen(queries, found.channel_type)) return undefined
  return { ...customerOf(found), source_id: sourceId }
}

/**
 * The customer with this `source_id`. Throws the same `unknown_source_id` for an unknown inbox, an unknown `source_id`, one of
 * another inbox, a name that a program has chosen, and an inbox whose channel is closed to this API.
 */
export async function getCustomer(
  queries: Queries,
  identifier: string,
  sourceId: string,
): Promise<ClientCustomer> {
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

/** Starts a conversation. Throws as `customers/service.ts` does. */
export async function startConversation(
  database: Database,
  customer: Customer,
  request?: customers.StartRequest,
): Promise<{ conversation: ClientConversation; replayed: boolean }> {
  const { id, replayed } = await customers.startConversation(database, customer, request)
  return { conversation: await getOwnConversation(database.read, customer, id), replayed }
}

/** A conversation of the contact in this inbox. Throws `not_found`. */
async function getOwnConversation(queries: Queries, customer: Customer, id: number) {
  const [row] = await selectConversationsOf(queries, customer, id)
  if (!row) throw notFound('conversation')
  return toClientConversation(row)
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
  await customers.markAsSeen(database, customer, id)
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
  input: NewClientMessage,
  key: string | null,
  upload?: Upload,
): Promise<{ message: ClientMessage; replayed: boolean }> {
  const { document, replayed } = await customers.postMessage(database, customer, id, input, key, upload)
  return { message: toClientMessage(JSON.parse(document)), replayed }
}

/** Stores a customer's answer to an interactive message. Throws as `customers/service.ts` does. */
export async function submitValues(
  database: Database,
  customer: Customer,
  conversationId: number,
  id: number,
  submission: SubmittedValues,
): Promise<ClientMessage> {
  const document = await customers.submitValues(database, customer, conversationId, id, submission)
  return toClientMessage(JSON.parse(document))
}

// Other attributes belong to programs and agents.
const visibleAttributes = ['items', 'submitted_values', 'submitted_email', 'edited_at', 'deleted']

function isVisible([name, value]: [string, unknown]): boolean {
  // Of a bridge it can be the name of a message in another system.
  return visibleAttributes.includes(name) || (name === 'in_reply_to' && typeof value === 'number')
}

/** A message as the contact may see it. */
export function toClientMessage(message: Message): ClientMessage {
  const { id, content, content_type, status, created_at, updated_at, conversation_id, sender } = message
  const attributes = Object.entries(message.content_attributes).filter(isVisible)
  return {
    id,
    content,
    content_type,
    content_attributes: Object.fromEntries(attributes),
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
