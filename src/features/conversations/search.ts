import type { Queries } from '../../db/database.ts'
import type { Actor } from '../../lib/actor.ts'
import { newestWithWords } from '../search/parts.store.ts'
import { wordsOf } from '../search/words.ts'
import { countByAssignee, numberIn, type PageStart, selectPage } from './conversation.store.ts'
import type { Counts } from './counts.store.ts'
import type { Conversation, ConversationQuery } from './schema.ts'

/** A page of a list, and where the next one begins. */
export interface ListPage {
  counts: Counts
  /** Whether the counts are lower bounds. */
  isCapped: boolean
  conversations: Conversation[]
  next: PageStart | undefined
}

/** Returns a page of the conversations that contain the words of a query, with the messages that do. */
export async function searchConversations(
  queries: Queries,
  actor: Actor,
  query: ConversationQuery,
  range: { limit: number; offset: number; after: PageStart | undefined },
): Promise<ListPage> {
  // Both at once: on PostgreSQL the list takes one round trip, over two connections.
  const [counts, { conversations, next }] = await Promise.all([
    countByAssignee(queries, actor, query),
    selectPage(queries, actor, query, range),
  ])
  const found = await withFoundMessages(queries, actor, query, conversations)
  return { counts, isCapped: false, conversations: found, next }
}

/** Adds `found_message` to the conversations. */
async function withFoundMessages(
  queries: Queries,
  { accountId }: Actor,
  { q = '' }: ConversationQuery,
  page: Conversation[],
): Promise<Conversation[]> {
  const ids = page.map(({ id }) => id)
  const words = numberIn(q) === undefined ? wordsOf(q) : []
  const messages = await newestWithWords(queries, accountId, words, ids)
  const byConversation = new Map(messages.map(({ conversation_id, ...one }) => [conversation_id, one]))
  return page.map((one) => ({ ...one, found_message: byConversation.get(one.id) ?? null }))
}
