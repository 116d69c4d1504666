import type { Queries } from '../../db/database.ts'
import type { Actor } from '../../lib/actor.ts'
import { notFound } from '../../lib/errors.ts'
import { contactExists } from '../contacts/service.ts'
import { getConversation } from '../conversations/event-log.ts'
import { selectConversations } from './store.ts'

export const conversationsPerPage = 25

/** A page of a contact's conversations that the actor may see, latest activity first. Throws `not_found`. */
export async function listContactConversations(
  queries: Queries,
  actor: Actor,
  contactId: number,
  page: number,
) {
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
