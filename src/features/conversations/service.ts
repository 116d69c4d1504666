import type { Database, Queries } from '../../db/database.ts'
import { nextId } from '../../db/ids.ts'
import type { Actor } from '../../lib/actor.ts'
import { invalid, notFound } from '../../lib/errors.ts'
import { attributesText } from '../../lib/json.ts'
import { Slot } from '../../lib/slot.ts'
import { contactExists, openDoor } from '../contacts/service.ts'
import { findInbox, mayWorkIn } from '../inboxes/service.ts'
import type { Conversation, ConversationQuery, NewConversation } from './schema.ts'
import {
  countByAssignee,
  findConversation,
  forgetUnread,
  insertConversation,
  type Place,
  selectPage,
  selectPlace,
  touch,
} from './store.ts'

export type { Place } from './store.ts'

export const conversationsPerPage = 25

/** What conversations need of messages, which stand below them. */
export interface Messaging {
  /** Sends the first message of a new conversation. */
  sendFirst(tx: Queries, actor: Actor, conversationId: number, body: Record<string, unknown>): Promise<void>
  /** The last message of each that is no note; conversations without one are missing. */
  lastOf(queries: Queries, accountId: number, conversationIds: number[]): Promise<Map<number, unknown>>
}
export const messaging = new Slot<Messaging>('messaging')

/** A page of the conversations that the actor may see, and how many there are for whom. */
export async function listConversations(queries: Queries, actor: Actor, query: ConversationQuery) {
  const range = { limit: conversationsPerPage, offset: (query.page - 1) * conversationsPerPage }
  const meta = await countByAssignee(queries, actor, query)
  const page = await selectPage(queries, actor, query, range)
  return { data: { meta, payload: await withLastMessages(queries, actor.accountId, page) } }
}

/** One conversation. Throws `not_found`, also where the actor must not see it. */
export async function getConversation(queries: Queries, actor: Actor, id: number): Promise<Conversation> {
  const conversation = await findConversation(queries, actor, id)
  if (!conversation) throw notFound('conversation')
  return (await withLastMessages(queries, actor.accountId, [conversation]))[0]!
}

/** Begins a conversation of a contact at an inbox, with its first message if there is one: both or none. */
export function createConversation(
  database: Database,
  actor: Actor,
  wanted: NewConversation,
): Promise<Conversation> {
  return database.transaction(async (tx) => {
    const id = await addConversation(tx, actor, wanted)
    if (wanted.message) await messaging.get().sendFirst(tx, actor, id, wanted.message)
    return getConversation(tx, actor, id)
  })
}

/** As `createConversation`, without a message, inside a transaction; gives the conversation's number. */
export async function addConversation(tx: Queries, actor: Actor, wanted: NewConversation): Promise<number> {
  const { accountId } = actor
  const { inbox_id, contact_id, assignee_id = null } = wanted
  if (!(await findInbox(tx, actor, inbox_id))) throw invalid('inbox_id', 'names no inbox of this account')
  if (!(await contactExists(tx, accountId, contact_id)))
    throw invalid('contact_id', 'names no contact of this account')
  if (assignee_id !== null && !(await mayWorkIn(tx, accountId, inbox_id, assignee_id))) {
    throw invalid('assignee_id', 'names nobody who works in this inbox')
  }
  const now = Date.now()
  const id = await nextId(tx, accountId, 'conversations')
  await insertConversation(tx, {
    account_id: accountId,
    id,
    inbox_id,
    contact_id,
    source_id: await openDoor(tx, accountId, inbox_id, contact_id, wanted.source_id),
    status: wanted.status,
    assignee_id,
    unread_count: 0,
    custom_attributes: attributesText('custom_attributes', wanted.custom_attributes),
    last_activity_at: now,
    created_at: now,
    updated_at: now,
  })
  return id
}

/** Where a message goes to or comes from. Throws `not_found`, also where the actor must not see it. */
export async function findPlace(queries: Queries, actor: Actor, id: number): Promise<Place> {
  const place = await selectPlace(queries, actor, id)
  if (!place) throw notFound('conversation')
  return place
}

/** A message came: the conversation moves up; a customer's opens it again and is unread. */
export function noteMessage(
  tx: Queries,
  actor: Actor,
  place: Place,
  at: number,
  incoming: boolean,
): Promise<void> {
  return touch(tx, actor.accountId, place, at, incoming)
}

/** A customer's message is gone: it is not unread any more. `createdAt` in milliseconds. */
export function noteDeletion(tx: Queries, actor: Actor, place: Place, createdAt: number): Promise<void> {
  return forgetUnread(tx, actor.accountId, place.id, createdAt)
}

async function withLastMessages(queries: Queries, accountId: number, conversations: Conversation[]) {
  const ids = conversations.map(({ id }) => id)
  const last = await messaging.get().lastOf(queries, accountId, ids)
  return conversations.map((conversation) => ({
    ...conversation,
    last_message: last.get(conversation.id) ?? null,
  }))
}
