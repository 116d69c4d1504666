import type { Queries } from '../../db/database.ts'
import type { Actor } from '../../lib/actor.ts'
import { notFound } from '../../lib/errors.ts'
import { getAccount } from '../accounts/service.ts'
import { getContact } from '../contacts/service.ts'
import { getConversation } from '../conversations/event-log.ts'
import { findInbox } from '../inboxes/service.ts'
import { nameOf } from '../users/service.ts'
import type { NewSignature, RenderedResponse, Signature } from './schema.ts'
import { getCannedResponse } from './service.ts'
import { deleteSignature, findSignature, upsertSignature } from './store.ts'
import { fillIn, hasVariables } from './variables.ts'

/**
 * Replaces the variables of a text by the values of a conversation and of the actor. Throws `not_found` if the actor does
 * not see the conversation.
 */
export async function renderText(
  queries: Queries,
  actor: Actor,
  conversationId: number,
  text: string,
): Promise<string> {
  if (!hasVariables(text)) return text
  const { id, inbox_id, custom_attributes, contact } = await getConversation(queries, actor, conversationId)
  const inbox = await findInbox(queries, actor, inbox_id)
  return fillIn(text, {
    contact: await getContact(queries, actor, contact.id),
    agent: { name: actor.userId === 0 ? '' : await nameOf(queries, actor.userId) },
    account: await getAccount(queries, actor.accountId),
    inbox: { name: inbox?.name ?? '' },
    conversation: { id, custom_attributes },
  })
}

/** Returns a canned response as it would be sent in a conversation. Throws `not_found`. */
export async function renderCannedResponse(
  queries: Queries,
  actor: Actor,
  id: number,
  conversationId: number,
): Promise<RenderedResponse> {
  const { content, attachments } = await getCannedResponse(queries, actor, id)
  // Also without variables, the conversation must exist.
  await getConversation(queries, actor, conversationId)
  return { content: await renderText(queries, actor, conversationId, content), attachments }
}

/** Returns the actor's signature in an inbox; an empty one if there is none. Throws `not_found`. */
export async function getSignature(queries: Queries, actor: Actor, inboxId: number): Promise<Signature> {
  await assertInbox(queries, actor, inboxId)
  return signatureOf(queries, actor, inboxId)
}

/** The same for an inbox that the actor is known to see. */
export async function signatureOf(queries: Queries, actor: Actor, inboxId: number): Promise<Signature> {
  const row = await findSignature(queries, keyOf(actor, inboxId))
  return { content: row?.content ?? '', append_by_default: row?.append_by_default === 1 }
}

/** Sets the actor's signature in an inbox, or deletes it if it is empty. Throws `not_found`. */
export async function setSignature(
  tx: Queries,
  actor: Actor,
  inboxId: number,
  { content, append_by_default }: NewSignature,
): Promise<Signature> {
  await assertInbox(tx, actor, inboxId)
  const key = keyOf(actor, inboxId)
  if (content.trim() === '') await deleteSignature(tx, key)
  else {
    const appends = append_by_default ? 1 : 0
    await upsertSignature(tx, { ...key, content, append_by_default: appends, updated_at: Date.now() })
  }
  return signatureOf(tx, actor, inboxId)
}

function keyOf({ accountId, userId }: Actor, inbox_id: number) {
  return { account_id: accountId, inbox_id, user_id: userId }
}

async function assertInbox(queries: Queries, actor: Actor, inboxId: number): Promise<void> {
  if (!(await findInbox(queries, actor, inboxId))) throw notFound('inbox')
}
