import type { Queries } from '../../db/database.ts'
import { appendEvent } from '../../events/append.ts'
import type { Actor } from '../../lib/actor.ts'
import { notFound } from '../../lib/errors.ts'
import { Slot } from '../../lib/slot.ts'
import { getAccount } from '../accounts/service.ts'
import type { ConversationEventName } from './events.ts'
import type { Conversation } from './schema.ts'
import { findConversation } from './shown.store.ts'
import * as store from './store.ts'

/** What conversations need of messages, which stand below them. */
export interface Messaging {
  /** Sends the first message of a new conversation. */
  sendFirst(tx: Queries, actor: Actor, conversationId: number, body: Record<string, unknown>): Promise<void>
  /** Writes an activity line: a sentence of the system, for agents. */
  writeActivity(tx: Queries, accountId: number, conversationId: number, sentence: string): Promise<void>
  /**
   * Makes the messages of one side since a time (milliseconds) read that are not, the oldest first and a bounded number
   * of them; gives how many, and whether there may be more.
   */
  markRead(
    tx: Queries,
    accountId: number,
    conversationId: number,
    side: 'incoming' | 'outgoing',
    since: number,
  ): Promise<{ count: number; more: boolean }>
  /** Erases all messages of a conversation, and what the log tells of them. */
  eraseAll(tx: Queries, accountId: number, conversationId: number): Promise<void>
}
export const messaging = new Slot<Messaging>('messaging')

/** The path of a field of the conversation, as events name it. */
export type Field = keyof Conversation | 'meta.assignee' | 'meta.team'

/** One conversation. Throws `not_found`, also where the actor must not see it. */
export async function getConversation(queries: Queries, actor: Actor, id: number): Promise<Conversation> {
  const conversation = await findConversation(queries, actor, id)
  if (!conversation) throw notFound('conversation')
  return conversation
}

/** Appends what has happened to a conversation; `changed` names the fields that are not what they were. */
export async function logConversation(
  tx: Queries,
  actor: Actor,
  id: number,
  event: ConversationEventName,
  changed: Field[] = [],
): Promise<void> {
  const conversation = await getConversation(tx, actor, id)
  const account = await getAccount(tx, actor.accountId)
  const data = { event, id: String(id), conversation, changed, account }
  const place = { account_id: account.id, conversation_id: id, inbox_id: conversation.inbox_id }
  const contact_id = conversation.contact.id
  await appendEvent(tx, { ...place, contact_id, name: event, audience: 'agents', data: JSON.stringify(data) })
}

/** Takes a user off what is assigned to them where they do not work any more, and tells so. */
export async function unassignForeign(tx: Queries, accountId: number, userId: number): Promise<void> {
  const system = systemOf(accountId)
  for (const id of await store.unassignForeign(tx, accountId, userId)) {
    await logConversation(tx, system, id, 'conversation_updated', ['meta.assignee'])
  }
}

/** Assigns the conversations of a user to another one, and tells so. */
export async function reassign(tx: Queries, accountId: number, fromId: number, toId: number): Promise<void> {
  const system = systemOf(accountId)
  for (const id of await store.reassign(tx, accountId, fromId, toId)) {
    await logConversation(tx, system, id, 'conversation_updated', ['meta.assignee'])
  }
}

/** The system itself, where no user has asked for a change. */
export function systemOf(accountId: number): Actor {
  return { accountId, userId: 0, role: 'administrator', scopes: ['admin'], tokenId: 0 }
}
