import type { Queries } from '../../db/database.ts'
import { nextId } from '../../db/ids.ts'
import type { Actor } from '../../lib/actor.ts'
import { invalid, notFound } from '../../lib/errors.ts'
import { attributesText, mergedAttributes } from '../../lib/json.ts'
import { openContactInbox } from '../contacts/contact-inboxes.ts'
import { contactExists } from '../contacts/service.ts'
import { readAttributes } from '../custom-attributes/validation.ts'
import { findInbox } from '../inboxes/service.ts'
import { findTeam, teamIdsOf } from '../teams/parts.store.ts'
import { takeTurn } from '../teams/service.ts'
import { assertMayBeAssigned } from './assignee.ts'
import { conversationBots } from './bots.ts'
import { applyChange } from './change.ts'
import { selectConversations, selectUnread } from './conversation.store.ts'
import { logConversation } from './event-log.ts'
import { assertNotMerged } from './merged.ts'
import type { ConversationRef } from './parts.store.ts'
import type { Conversation, NewConversation, RepeatableRequest, UnreadConversations } from './schema.ts'
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

/** Returns the conversations with these ids that exist, in their order. The caller knows that the actor may see them. */
export function getConversations(
  queries: Queries,
  accountId: number,
  ids: number[],
): Promise<Conversation[]> {
  return selectConversations(queries, accountId, ids)
}

/** A new conversation, with what only the server knows of it. */
type ConversationInput = NewConversation & {
  subject?: string | null
  request?: RepeatableRequest | undefined
}

/** Creates a conversation as `addConversation` does, and logs it. */
export async function openConversation(
  tx: Queries,
  actor: Actor,
  input: ConversationInput,
  online: readonly number[] = [],
): Promise<number> {
  const id = await addConversation(tx, actor, input, online)
  await logConversation(tx, actor, id, 'conversation_created')
  return id
}

/**
 * Creates a conversation without a message, in the caller's transaction, and returns its id. `online` are the ids of the
 * users to whom its team may assign it. If a bot answers in the inbox, it is the bot's, and not yet among the open ones.
 */
export async function addConversation(
  tx: Queries,
  actor: Actor,
  input: ConversationInput,
  online: readonly number[] = [],
): Promise<number> {
  const { accountId } = actor
  const { inbox_id, contact_id, team_id = null } = input
  if (!(await findInbox(tx, actor, inbox_id)))
    throw invalid('inbox_id', 'names no inbox of this account', 'not_found')
  if (!(await contactExists(tx, accountId, contact_id)))
    throw invalid('contact_id', 'names no contact of this account', 'not_found')
  const { custom_attributes } = input
  const attributes = await readAttributes(tx, accountId, 'conversation_attribute', custom_attributes)
  const now = Date.now()
  const botId = await conversationBots.of(tx).activeIn(tx, accountId, inbox_id)
  const status = input.status ?? (botId === undefined ? 'open' : 'pending')
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
    subject: input.subject ?? null,
    idempotency_key: input.request?.key ?? null,
    idempotency_hash: input.request?.hash ?? null,
    status,
    assignee_id,
    assignee_bot_id: status === 'pending' && assignee_id === null ? (botId ?? null) : null,
    team_id,
    unread_count: 0,
    custom_attributes: attributesText('custom_attributes', mergedAttributes({}, attributes)),
    additional_attributes: attributesText('additional_attributes', input.additional_attributes),
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

/**
 * Returns a conversation without its details. Throws `not_found`, also if the actor may not see it, and `conflict` if it was
 * merged into another one.
 */
export async function findConversationRef(
  queries: Queries,
  actor: Actor,
  id: number,
): Promise<ConversationRef> {
  const conversation = await selectConversationRef(queries, actor, id)
  if (!conversation) throw notFound('conversation')
  assertNotMerged(conversation)
  return conversation
}

/** Opens a locked conversation, which is resolved or snoozed, for a message of the customer. */
export function reopen(tx: Queries, actor: Actor, row: Row): Promise<void> {
  return applyChange(tx, actor, row, { status: 'open', snoozed_until: null }, [{ kind: 'reopened' }])
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
