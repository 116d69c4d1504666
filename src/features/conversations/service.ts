import type { Database, Queries } from '../../db/database.ts'
import { nextId } from '../../db/ids.ts'
import type { Actor } from '../../lib/actor.ts'
import { invalid, notFound } from '../../lib/errors.ts'
import { attributesText } from '../../lib/json.ts'
import { openContactInbox } from '../contacts/contact-inboxes.ts'
import { contactExists } from '../contacts/service.ts'
import { findInbox } from '../inboxes/service.ts'
import { findTeam, teamIdsOf } from '../teams/parts.store.ts'
import { takeTurn } from '../teams/service.ts'
import { reopenLine } from './activity.ts'
import { applyChange, assertMayBeAssigned, onlineUsers } from './change.ts'
import { selectUnread } from './conversation.store.ts'
import { getConversation, logConversation } from './event-log.ts'
import { messaging } from './messaging.ts'
import type { ConversationRef } from './parts.store.ts'
import type { Conversation, NewConversation, UnreadConversations } from './schema.ts'
import { decreaseUnread, insertConversation, type Row, selectConversationRef } from './store.ts'

export const mostUnread = 1000

/** Returns the open conversations with unread messages that the actor may see, and the teams that they belong to. */
export async function listUnread(queries: Queries, actor: Actor): Promise<UnreadConversations> {
  const [found, my_team_ids] = await Promise.all([
    selectUnread(queries, actor, mostUnread + 1),
    teamIdsOf(queries, actor.accountId, actor.userId),
  ])
  return {
    payload: found.slice(0, mostUnread),
    meta: { my_team_ids, is_complete: found.length <= mostUnread },
  }
}

/** Creates a conversation of a contact in an inbox and sends its first message, if there is one: both or neither. */
export async function createConversation(
  database: Database,
  actor: Actor,
  input: NewConversation,
): Promise<Conversation> {
  // Before the transaction, which must wait for nothing but its own queries.
  const online = await onlineUsers(database, actor, input.team_id)
  return database.transaction(actor.accountId, async (tx) => {
    const id = await openConversation(tx, actor, input, online)
    if (input.message) await messaging.of(tx).sendFirst(tx, actor, id, input.message)
    return getConversation(tx, actor, id)
  })
}

/** Creates a conversation as `addConversation` does, and logs it. */
export async function openConversation(
  tx: Queries,
  actor: Actor,
  input: NewConversation,
  online: readonly number[] = [],
): Promise<number> {
  const id = await addConversation(tx, actor, input, online)
  await logConversation(tx, actor, id, 'conversation_created')
  return id
}

/**
 * Creates a conversation as `createConversation` does, without a message and in the caller's transaction, and returns
 * its id. `online` are the ids of the users to whom its team may assign it.
 */
export async function addConversation(
  tx: Queries,
  actor: Actor,
  input: NewConversation,
  online: readonly number[] = [],
): Promise<number> {
  const { accountId } = actor
  const { inbox_id, contact_id, team_id = null } = input
  if (!(await findInbox(tx, actor, inbox_id)))
    throw invalid('inbox_id', 'names no inbox of this account', 'not_found')
  if (!(await contactExists(tx, accountId, contact_id)))
    throw invalid('contact_id', 'names no contact of this account', 'not_found')
  const now = Date.now()
  const assignee_id = await firstAssignee(tx, actor, input, online)
  const contactInbox = { account_id: accountId, inbox_id, contact_id }
  const { key } = await openContactInbox(tx, contactInbox, input.source_id)
  const id = await nextId(tx, accountId, 'conversations')
  await insertConversation(tx, {
    account_id: accountId,
    id,
    inbox_id,
    contact_id,
    source_id: key,
    status: input.status,
    assignee_id,
    team_id,
    unread_count: 0,
    custom_attributes: attributesText('custom_attributes', input.custom_attributes),
    last_activity_at: now,
    created_at: now,
    updated_at: now,
  })
  return id
}

/** Returns the requested assignee or, if there is none, the member of the team whose turn it is. */
async function firstAssignee(
  tx: Queries,
  { accountId }: Actor,
  { inbox_id, assignee_id = null, team_id }: NewConversation,
  online: readonly number[],
): Promise<number | null> {
  await assertMayBeAssigned(tx, accountId, inbox_id, assignee_id)
  const team = team_id ? await findTeam(tx, accountId, team_id) : undefined
  if (team_id && !team) throw invalid('team_id', 'names no team of this account', 'not_found')
  if (!team || assignee_id !== null) return assignee_id
  return (await takeTurn(tx, accountId, team, inbox_id, online)) ?? null
}

/** Returns a conversation without its details. Throws `not_found`, also if the actor may not see it. */
export async function findConversationRef(
  queries: Queries,
  actor: Actor,
  id: number,
): Promise<ConversationRef> {
  const conversation = await selectConversationRef(queries, actor, id)
  if (!conversation) throw notFound('conversation')
  return conversation
}

/** Opens a locked conversation, which is resolved or snoozed, for a message of the customer. */
export function reopen(tx: Queries, actor: Actor, row: Row): Promise<void> {
  return applyChange(tx, actor, row, { status: 'open', snoozed_until: null }, [reopenLine])
}

/** Updates the unread count after a customer's message, created at `createdAt` (milliseconds), was deleted. */
export function noteDeletion(
  tx: Queries,
  actor: Actor,
  { id }: ConversationRef,
  createdAt: number,
): Promise<void> {
  return decreaseUnread(tx, actor.accountId, id, createdAt)
}
