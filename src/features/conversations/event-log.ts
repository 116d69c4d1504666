import type { Database, Queries } from '../../db/database.ts'
import { appendEvent } from '../../events/append.ts'
import { type Actor, systemOf } from '../../lib/actor.ts'
import { notFound } from '../../lib/errors.ts'
import { getAccount } from '../accounts/service.ts'
import { findConversation } from './conversation.store.ts'
import type { ConversationEventName } from './events.ts'
import { assertNotMerged } from './merged.ts'
import type { Conversation } from './schema.ts'
import * as store from './store.ts'

/** The path of a field of the conversation, as `changed` in events contains it. */
export type Field = keyof Conversation | 'messages' | 'meta.assignee' | 'meta.team' | 'meta.bot'

/** Values of fields as the API shows them. */
export type FieldValues = Partial<Record<Field, unknown>>

/** Returns one conversation. Throws `not_found`, also if the actor may not see it. */
export async function getConversation(queries: Queries, actor: Actor, id: number): Promise<Conversation> {
  const conversation = await findConversation(queries, actor, id)
  if (!conversation) throw notFound('conversation')
  return conversation
}

/** Returns the values of some fields of a conversation, by path. */
export function fieldsOf(conversation: Conversation, fields: Field[]): FieldValues {
  const { meta, ...own } = conversation
  const all: Record<string, unknown> = {
    ...own,
    'meta.assignee': meta.assignee,
    'meta.team': meta.team,
    'meta.bot': meta.bot,
  }
  return Object.fromEntries(fields.map((field) => [field, all[field]]))
}

/**
 * Returns a conversation's row and locks it until the transaction ends, against new messages too. Throws `not_found`, also
 * if the actor may not see it, and `conflict` if it was merged.
 */
export async function lockConversation(tx: Queries, actor: Actor, id: number): Promise<store.Row> {
  const row = await store.lockRow(tx, actor, id)
  if (!row) throw notFound('conversation')
  assertNotMerged(row)
  return row
}

/**
 * Locks a conversation like `lockConversation`, also one that was merged, for what stays with it. Does nothing if it does
 * not exist.
 */
export async function lockEvenMerged(tx: Queries, accountId: number, id: number): Promise<void> {
  await store.lockRow(tx, systemOf(accountId), id)
}

/** Returns what events about something in a conversation are about: they are erased with it. */
export async function subjectOf(tx: Queries, accountId: number, id: number) {
  const ref = await store.selectConversationRef(tx, systemOf(accountId), id)
  if (!ref) throw notFound('conversation')
  return { conversation_id: id, inbox_id: ref.inbox_id, contact_id: ref.contact_id }
}

/** Appends an event about a conversation to the log. `before` has the fields with new values, and their previous ones. */
export async function logConversation(
  tx: Queries,
  actor: Actor,
  id: number,
  event: ConversationEventName,
  before: FieldValues = {},
): Promise<void> {
  const conversation = await getConversation(tx, actor, id)
  const lastMessage = conversation.last_message as { id: number } | null
  const account = await getAccount(tx, actor.accountId)
  const data = { event, id, conversation, changed: Object.keys(before), account }
  const { messages: _, ...previous } = before
  await appendEvent(tx, actor, {
    conversation_id: id,
    inbox_id: conversation.inbox_id,
    contact_id: conversation.contact.id,
    // Otherwise the content of its last message would stay in the log when that message is deleted.
    message_id: lastMessage?.id ?? null,
    name: event,
    audience: 'agents',
    data: JSON.stringify(data),
    before: previous,
  })
}

// Conversations that are unassigned in one transaction. Logging one takes about 0.2 ms.
const unassignedTogether = 50

/**
 * Unassigns a user from most of the conversations in some inboxes, in several transactions, and logs it. Few remain, or
 * none, for the transaction that takes away their access: it calls `unassignForeign`.
 */
export async function unassignMost(
  database: Database,
  accountId: number,
  userId: number,
  where: store.AssignedIn,
): Promise<void> {
  const ids = await store.selectAssigned(database.longReads, accountId, userId, where)
  while (ids.length > unassignedTogether) {
    const some = ids.splice(0, unassignedTogether)
    await database.transaction(accountId, async (tx) =>
      logAssignees(tx, accountId, await store.unassign(tx, accountId, userId, some), userId),
    )
  }
}

/** Unassigns a user from the conversations of inboxes in which they do not work, and logs it. */
export async function unassignForeign(tx: Queries, accountId: number, userId: number): Promise<void> {
  await logAssignees(tx, accountId, await store.unassignForeign(tx, accountId, userId), userId)
}

/** Assigns the conversations of a user to another user, and logs each change. */
export async function reassign(tx: Queries, accountId: number, fromId: number, toId: number): Promise<void> {
  await logAssignees(tx, accountId, await store.reassign(tx, accountId, fromId, toId), fromId)
}

/** Logs that conversations were assigned to the user `fromId` until now. */
async function logAssignees(tx: Queries, accountId: number, ids: number[], fromId: number): Promise<void> {
  if (ids.length === 0) return
  const before = { 'meta.assignee': { id: fromId, name: (await store.findUserName(tx, fromId)) ?? '' } }
  for (const id of ids) await logConversation(tx, systemOf(accountId), id, 'conversation_updated', before)
}
