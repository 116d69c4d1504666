import type { Database, Queries } from '../../db/database.ts'
import { nextId } from '../../db/ids.ts'
import type { Actor } from '../../lib/actor.ts'
import { invalid, notFound } from '../../lib/errors.ts'
import { attributesText } from '../../lib/json.ts'
import { contactExists, openContactInbox } from '../contacts/service.ts'
import { findInbox } from '../inboxes/service.ts'
import { newestWithWords, wordsOf } from '../search/service.ts'
import { findTeam, takeTurn } from '../teams/service.ts'
import { ofReopening } from './activity.ts'
import { applyChange, assertMayBeAssigned, onlineUsers } from './change.ts'
import { getConversation, logConversation, messaging } from './record.ts'
import type { Conversation, ConversationQuery, NewConversation } from './schema.ts'
import { countByAssignee, selectPage } from './shown.store.ts'
import { forgetUnread, insertConversation, lockRow, type Place, selectPlace } from './store.ts'

export {
  getConversation,
  logConversation,
  type Messaging,
  messaging,
  reassign,
  systemOf,
  unassignForeign,
} from './record.ts'
export { updateContactLastSeen } from './seen.ts'
export { lastMessage } from './shown.store.ts'
export {
  afterMove,
  type Move,
  mayMove,
  moveConversation,
  type Place,
  placeQuery,
  type Whose,
  whose,
} from './store.ts'

export const conversationsPerPage = 25

/** A page of the conversations that the actor may see, and how many there are for whom. */
export async function listConversations(queries: Queries, actor: Actor, query: ConversationQuery) {
  const range = { limit: conversationsPerPage, offset: (query.page - 1) * conversationsPerPage }
  // Both at once: on PostgreSQL the list takes one round trip, over two connections.
  const [meta, payload] = await Promise.all([
    countByAssignee(queries, actor, query),
    selectPage(queries, actor, query, range),
  ])
  return { data: { meta, payload: await withFound(queries, actor, query, payload) } }
}

/** Says where the words of the question are, if there is one. */
async function withFound(
  queries: Queries,
  { accountId }: Actor,
  { q = '' }: ConversationQuery,
  page: Conversation[],
): Promise<Conversation[]> {
  if (q.trim() === '') return page
  const ids = page.map(({ id }) => id)
  const found = await newestWithWords(queries, accountId, wordsOf(q), ids)
  const byConversation = new Map(found.map(({ conversation_id, ...message }) => [conversation_id, message]))
  return page.map((one) => ({ ...one, found_message: byConversation.get(one.id) ?? null }))
}

/** Begins a conversation of a contact at an inbox, with its first message if there is one: both or none. */
export async function createConversation(
  database: Database,
  actor: Actor,
  wanted: NewConversation,
): Promise<Conversation> {
  // Before the transaction: it must wait for nothing but its own queries.
  const online = await onlineUsers(actor, wanted.team_id)
  return database.transaction(actor.accountId, async (tx) => {
    const id = await addConversation(tx, actor, wanted, online)
    await logConversation(tx, actor, id, 'conversation_created')
    if (wanted.message) await messaging.get().sendFirst(tx, actor, id, wanted.message)
    return getConversation(tx, actor, id)
  })
}

/**
 * As `createConversation`, without a message, inside a transaction; gives the conversation's number. `online` are those
 * whom its team may assign.
 */
export async function addConversation(
  tx: Queries,
  actor: Actor,
  wanted: NewConversation,
  online: readonly number[] = [],
): Promise<number> {
  const { accountId } = actor
  const { inbox_id, contact_id, team_id = null } = wanted
  if (!(await findInbox(tx, actor, inbox_id))) throw invalid('inbox_id', 'names no inbox of this account')
  if (!(await contactExists(tx, accountId, contact_id)))
    throw invalid('contact_id', 'names no contact of this account')
  const now = Date.now()
  const assignee_id = await firstAssignee(tx, actor, wanted, online)
  const place = { account_id: accountId, inbox_id, contact_id }
  const { key } = await openContactInbox(tx, place, wanted.source_id)
  const id = await nextId(tx, accountId, 'conversations')
  await insertConversation(tx, {
    account_id: accountId,
    id,
    inbox_id,
    contact_id,
    source_id: key,
    status: wanted.status,
    assignee_id,
    team_id,
    unread_count: 0,
    custom_attributes: attributesText('custom_attributes', wanted.custom_attributes),
    last_activity_at: now,
    created_at: now,
    updated_at: now,
  })
  return id
}

/** Who is asked for; else the member of the team whose turn it is. */
async function firstAssignee(
  tx: Queries,
  { accountId }: Actor,
  { inbox_id, assignee_id = null, team_id }: NewConversation,
  online: readonly number[],
): Promise<number | null> {
  await assertMayBeAssigned(tx, accountId, inbox_id, assignee_id)
  const team = team_id ? await findTeam(tx, accountId, team_id) : undefined
  if (team_id && !team) throw invalid('team_id', 'names no team of this account')
  if (!team || assignee_id !== null) return assignee_id
  return (await takeTurn(tx, accountId, team, inbox_id, online)) ?? null
}

/** Where a message goes to or comes from. Throws `not_found`, also where the actor must not see it. */
export async function findPlace(queries: Queries, actor: Actor, id: number): Promise<Place> {
  const place = await selectPlace(queries, actor, id)
  if (!place) throw notFound('conversation')
  return place
}

/** Whether a customer's message has to open the conversation again. */
export function isClosed({ status }: Place): boolean {
  return status === 'resolved' || status === 'snoozed'
}

/** Opens a conversation again that was resolved or snoozed, for a message of the customer. */
export async function reopen(tx: Queries, actor: Actor, { id }: Place): Promise<void> {
  const row = await lockRow(tx, actor, id)
  await applyChange(tx, actor, row!, { status: 'open', snoozed_until: null }, [ofReopening])
}

/** A customer's message is gone: it is not unread any more. `createdAt` in milliseconds. */
export function noteDeletion(tx: Queries, actor: Actor, place: Place, createdAt: number): Promise<void> {
  return forgetUnread(tx, actor.accountId, place.id, createdAt)
}
