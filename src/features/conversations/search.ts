import type { Queries } from '../../db/database.ts'
import type { Actor } from '../../lib/actor.ts'
import { findMatches } from '../search/matches.ts'
import { contactWords } from '../search/query.ts'
import { isBackfilling } from '../search/service.ts'
import { wordsOf } from '../search/words.ts'
import { selectConversations } from './conversation.store.ts'
import type { Conversation, ConversationQuery } from './schema.ts'
import {
  type Candidate,
  conversationsOfContacts,
  selectCandidates,
  selectFoundMessages,
} from './search.store.ts'
import { readSearchCursor, type SearchPosition, searchCursor } from './search-cursor.ts'

export const conversationsPerPage = 25

// Matching messages that are read at a time, and matching contacts, and conversations of those.
const matchesAtOnce = 300
/** The limits of a search, which only tests change. */
export const limits = {
  /** Conversations with which a search is content. */
  enough: 26,
  /** Milliseconds after which it stops and leaves older messages for the next page. */
  time: 25,
}
// Above any id.
const newest = 999_999_999_999_999

/** The conversations found in one part of the messages. */
interface Found {
  candidates: Candidate[]
  /** The newest matching messages, by conversation. */
  messages: Map<number, number>
  /** All of them have ids below. */
  before: number
  /** Older messages have not been searched: those with ids below. Null if all have been. */
  next: number | null
  /** There can be more conversations than were found. */
  isCapped: boolean
}

/**
 * Returns a page of the conversations in which a message or the contact has the words. It takes them from the newest
 * matching messages that yield enough conversations, and sorts these; the pages after those continue with older
 * messages. So the cost does not depend on how many messages match.
 */
export async function searchConversations(
  queries: Queries,
  actor: Actor,
  query: ConversationQuery & { q: string },
): Promise<{
  meta: ReturnType<typeof countsOf> & { counts_capped: boolean; next: string | null }
  payload: Conversation[]
}> {
  const position: SearchPosition =
    query.cursor === undefined
      ? { isFirst: true, before: newest, from: undefined, after: undefined }
      : readSearchCursor(query.cursor, query.sort)
  const found = await find(queries, actor, query, position)
  const sorted = found.candidates.sort((one, other) => other.at - one.at || other.id - one.id)
  const wanted = sorted.filter((one) => isWanted(one, actor, query.assignee_type))
  const start =
    query.cursor === undefined ? (query.page - 1) * conversationsPerPage : startOf(wanted, position)
  const page = wanted.slice(start, start + conversationsPerPage)
  const last = wanted.length > start + page.length ? page.at(-1) : undefined
  const isCapped = found.isCapped || !position.isFirst || (await isBackfilling(queries, actor.accountId))
  return {
    meta: {
      ...countsOf(sorted, actor),
      counts_capped: isCapped,
      next: nextOf(query.sort, position, found, last),
    },
    payload: await withMessages(queries, actor, page, found),
  }
}

async function find(
  queries: Queries,
  actor: Actor,
  query: ConversationQuery & { q: string },
  position: SearchPosition,
): Promise<Found> {
  const number = numberIn(query.q)
  if (number !== undefined) {
    const candidates = await selectCandidates(queries, actor, query, [number])
    return { candidates, messages: new Map(), before: newest, next: null, isCapped: false }
  }
  // A part that has been searched once is searched down to the same message again.
  const isKnown = position.from !== undefined
  const deadline = isKnown ? Number.POSITIVE_INFINITY : performance.now() + limits.time
  // Both at once: on PostgreSQL they use two connections.
  const [found, ofContacts] = await Promise.all([
    findByMessages(queries, actor, query, position, deadline),
    position.isFirst ? findByContacts(queries, actor, query.q, deadline) : { ids: [], isCapped: false },
  ])
  const known = new Set(found.candidates.map(({ id }) => id))
  const others = ofContacts.ids.filter((id) => !known.has(id))
  if (others.length > 0) found.candidates.push(...(await selectCandidates(queries, actor, query, others)))
  return { ...found, isCapped: found.next !== null || ofContacts.isCapped }
}

/** Returns the number of a conversation if the search is for one: `#12`. */
function numberIn(q: string): number | undefined {
  const [, number] = /^#([1-9]\d{0,14})$/.exec(q.trim()) ?? []
  return number === undefined ? undefined : Number(number)
}

async function findByMessages(
  queries: Queries,
  actor: Actor,
  query: ConversationQuery & { q: string },
  { before, from }: SearchPosition,
  deadline: number,
): Promise<Omit<Found, 'isCapped'>> {
  const found = {
    candidates: [] as Candidate[],
    messages: new Map<number, number>(),
    before,
    next: before as number | null,
  }
  const search = {
    accountId: actor.accountId,
    subject: 'message' as const,
    words: wordsOf(query.q),
    from,
    deadline,
  }
  while (found.next !== null) {
    const { matches, next } = await findMatches(queries, {
      ...search,
      before: found.next,
      limit: matchesAtOnce,
    })
    const unseen: number[] = []
    for (const { conversation_id, subject_id } of matches) {
      if (found.messages.has(conversation_id!)) continue
      found.messages.set(conversation_id!, subject_id)
      unseen.push(conversation_id!)
    }
    if (unseen.length > 0) found.candidates.push(...(await selectCandidates(queries, actor, query, unseen)))
    if (found.before === newest && matches.length > 0) found.before = matches[0]!.subject_id + 1
    found.next = next
    const wanted = found.candidates.filter((one) => isWanted(one, actor, query.assignee_type))
    const isEnough = wanted.length >= limits.enough || performance.now() > deadline
    if (isEnough && from === undefined) break
  }
  // Whatever is older than a part that was searched before is left for the next one.
  return from ? { ...found, next: from } : found
}

async function findByContacts(queries: Queries, { accountId }: Actor, q: string, deadline: number) {
  const { matches, next } = await findMatches(queries, {
    accountId,
    subject: 'contact',
    words: contactWords(q),
    limit: matchesAtOnce,
    deadline,
  })
  const contactIds = matches.map(({ subject_id }) => subject_id)
  const ids = await conversationsOfContacts(queries, accountId, contactIds, matchesAtOnce)
  return { ids, isCapped: next !== null || ids.length === matchesAtOnce }
}

function isWanted(
  { assignee_id }: Candidate,
  { userId }: Actor,
  type: ConversationQuery['assignee_type'],
): boolean {
  if (type === 'me') return assignee_id === userId
  if (type === 'unassigned') return assignee_id === null
  return type === 'all' || (assignee_id !== null && assignee_id !== userId)
}

function startOf(candidates: Candidate[], { after }: SearchPosition): number {
  if (!after) return 0
  const start = candidates.findIndex(({ at, id }) => at < after.at || (at === after.at && id < after.id))
  return start === -1 ? candidates.length : start
}

function countsOf(candidates: Candidate[], actor: Actor) {
  const count = (type: ConversationQuery['assignee_type']) =>
    candidates.filter((one) => isWanted(one, actor, type)).length
  return {
    all_count: candidates.length,
    mine_count: count('me'),
    unassigned_count: count('unassigned'),
    assigned_count: count('assigned'),
  }
}

function nextOf(
  sort: ConversationQuery['sort'],
  position: SearchPosition,
  { before, next }: Found,
  last: Candidate | undefined,
): string | null {
  if (last)
    return searchCursor(sort, { ...position, before, from: next ?? 0, after: { at: last.at, id: last.id } })
  if (next === null) return null
  return searchCursor(sort, { isFirst: false, before: next, from: undefined, after: undefined })
}

/** Returns the conversations of a page with their details and the messages that were found in them. */
async function withMessages(
  queries: Queries,
  { accountId }: Actor,
  page: Candidate[],
  { messages }: Found,
): Promise<Conversation[]> {
  const ids = page.map(({ id }) => id)
  const keys = ids.flatMap((id) => (messages.has(id) ? { conversation_id: id, id: messages.get(id)! } : []))
  const [conversations, contents] = await Promise.all([
    selectConversations(queries, accountId, ids),
    selectFoundMessages(queries, accountId, keys),
  ])
  const byConversation = new Map(contents.map(({ conversation_id, ...one }) => [conversation_id, one]))
  return conversations.map((one) => ({ ...one, found_message: byConversation.get(one.id) ?? null }))
}
