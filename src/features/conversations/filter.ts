import type { Queries } from '../../db/database.ts'
import type { Actor } from '../../lib/actor.ts'
import { withAttributes } from '../custom-attributes/filter-keys.ts'
import type { FilterBody, FilterKey, FilterQuery, Selector } from '../filters/schema.ts'
import { indexedTest, readFilter } from '../filters/service.ts'
import { walk, walkLimits } from '../filters/walk.ts'
import { selectConversations } from './conversation.store.ts'
import { filterQueries } from './filter.store.ts'
import { priorities, statuses } from './schema.ts'
import { conversationsPerPage } from './search.ts'

const additional: FilterKey = { type: 'attribute', column: 'additional_attributes' }

/** The fields that filters of conversations can name. */
export const conversationKeys: Readonly<Record<string, FilterKey>> = {
  status: { type: 'word', column: 'status', words: [...statuses, 'all'] },
  priority: { type: 'word', column: 'priority', words: priorities },
  assignee_id: { type: 'number', column: 'assignee_id' },
  inbox_id: { type: 'number', column: 'inbox_id' },
  team_id: { type: 'number', column: 'team_id' },
  contact_id: { type: 'number', column: 'contact_id', isIndexed: true },
  company_id: { type: 'number', column: 'contact_id', computed: 'company_of_contact', isIndexed: true },
  display_id: { type: 'number', column: 'id', isIndexed: true },
  labels: { type: 'labels', column: 'conversation_id', table: 'conversation_labels', isIndexed: true },
  browser_language: additional,
  referer: additional,
  created_at: { type: 'time', column: 'created_at' },
  last_activity_at: { type: 'time', column: 'last_activity_at' },
}

/**
 * Returns a page of the conversations that the actor sees and that match a filter, newest first: after the first `offset`
 * of them. Throws `invalid`.
 */
export async function filterConversations(
  queries: Queries,
  actor: Actor,
  { payload: selectors }: FilterBody,
  { before_id, offset = 0 }: FilterQuery & { offset?: number },
  limits = walkLimits,
) {
  const filter = readFilter(await keysOf(queries, actor, selectors), selectors)
  const parts = filterQueries(queries, actor, filter, indexedTest(filter))
  const { ids, ...meta } = await walk(parts, offset + conversationsPerPage, before_id, limits)
  return { payload: await selectConversations(queries, actor.accountId, ids.slice(offset)), meta }
}

/** The fields and attributes that selectors name. */
export function keysOf(queries: Queries, { accountId }: Actor, selectors: readonly Selector[]) {
  return withAttributes(queries, accountId, 'conversation_attribute', conversationKeys, selectors)
}
