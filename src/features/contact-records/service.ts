import type { Queries } from '../../db/database.ts'
import { appendEvent } from '../../events/append.ts'
import type { Actor } from '../../lib/actor.ts'
import { notFound } from '../../lib/errors.ts'
import { getAccount } from '../accounts/service.ts'
import { contactExists } from '../contacts/service.ts'
import { getConversation } from '../conversations/service.ts'
import { selectConversations } from './store.ts'

export const conversationsPerPage = 25

/** A page of a contact's conversations that the actor may see, the latest first. Throws `not_found`. */
export async function listConversationsOf(queries: Queries, actor: Actor, contactId: number, page: number) {
  if (!(await contactExists(queries, actor.accountId, contactId))) throw notFound('contact')
  const range = { limit: conversationsPerPage, offset: (page - 1) * conversationsPerPage }
  const { ids, count } = await selectConversations(queries, actor, contactId, range)
  const payload = []
  for (const id of ids) payload.push(await getConversation(queries, actor, id))
  return {
    payload,
    meta: { count, current_page: page, total_pages: Math.ceil(count / conversationsPerPage) },
  }
}

/** Appends that a contact is no more; it tells nothing about the person but which one it was. */
export async function logGone(
  tx: Queries,
  { accountId }: Actor,
  id: number,
  conversationIds: number[],
  mergedInto: number | null,
): Promise<void> {
  const account = await getAccount(tx, accountId)
  const told = { id: String(id), merged_into: mergedInto, conversation_ids: conversationIds, account }
  await appendEvent(tx, {
    account_id: accountId,
    contact_id: id,
    name: 'contact_deleted',
    audience: 'agents',
    data: JSON.stringify({ event: 'contact_deleted', ...told }),
  })
}
