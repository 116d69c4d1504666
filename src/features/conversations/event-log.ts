import type { Queries } from '../../db/database.ts'
import { appendEvent } from '../../events/append.ts'
import type { Actor } from '../../lib/actor.ts'
import { notFound } from '../../lib/errors.ts'
import { getAccount } from '../accounts/service.ts'
import { findConversation } from './conversation.store.ts'
import type { ConversationEventName } from './events.ts'
import type { Conversation } from './schema.ts'
import * as store from './store.ts'

/** The path of a field of the conversation, as `changed` in events contains it. */
export type Field = keyof Conversation | 'meta.assignee' | 'meta.team'

/** Returns one conversation. Throws `not_found`, also if the actor may not see it. */
export async function getConversation(queries: Queries, actor: Actor, id: number): Promise<Conversation> {
  const conversation = await findConversation(queries, actor, id)
  if (!conversation) throw notFound('conversation')
  return conversation
}

/** Appends an event about a conversation to the log. `changed` are the fields with new values. */
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
  await appendEvent(tx, {
    account_id: account.id,
    conversation_id: id,
    inbox_id: conversation.inbox_id,
    contact_id: conversation.contact.id,
    name: event,
    audience: 'agents',
    data: JSON.stringify(data),
  })
}

/** Unassigns a user from the conversations of inboxes in which they do not work, and logs it. */
export async function unassignForeign(tx: Queries, accountId: number, userId: number): Promise<void> {
  const system = systemOf(accountId)
  for (const id of await store.unassignForeign(tx, accountId, userId)) {
    await logConversation(tx, system, id, 'conversation_updated', ['meta.assignee'])
  }
}

/** Assigns the conversations of a user to another user, and logs each change. */
export async function reassign(tx: Queries, accountId: number, fromId: number, toId: number): Promise<void> {
  const system = systemOf(accountId)
  for (const id of await store.reassign(tx, accountId, fromId, toId)) {
    await logConversation(tx, system, id, 'conversation_updated', ['meta.assignee'])
  }
}

/** Returns the actor for changes that no user makes. */
export function systemOf(accountId: number): Actor {
  return { accountId, userId: 0, role: 'administrator', scopes: ['admin'], tokenId: 0 }
}
