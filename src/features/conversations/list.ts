import type { Engine, Queries } from '../../db/database.ts'
import { type Actor, seesAllInboxes } from '../../lib/actor.ts'
import { Refusal } from '../../lib/errors.ts'
import { findContactInboxes, isSecret } from '../contacts/contact-inboxes.ts'
import type { PageStart } from './conversation.store.ts'
import { any, type Counts, none, readCounts, selectInboxesOfMember, selectInboxIds } from './counts.store.ts'
import { cursorAt, readCursor } from './cursor.ts'
import { labelRange } from './label-range.ts'
import { countRelation, type Relation, selectLabelSizes } from './labelled.store.ts'
import { others, type PageRange } from './ordered.store.ts'
import { countByReading, type Reading, selectListPage } from './page.store.ts'
import { type Conversation, type ConversationCountQuery, type ConversationQuery, statuses } from './schema.ts'
import { conversationsPerPage, searchConversations } from './search.ts'

/** A page of a list, and where the next one begins. */
interface ListPage {
  counts: Counts
  /** Whether the counts are lower bounds. */
  isCapped: boolean
  conversations: Conversation[]
  next: PageStart | undefined
}

/** How much is read for a page. None of it changes what the page contains. */
export interface ListLimits {
  /** So many conversations are read and sorted without another attempt. */
  few: number
  /** How many conversations are read in the order of the list, because a page of them probably matches. */
  walk: Record<Engine, number>
  /** What a count shows at most if an exact count would take longer than the page. */
  counted: number
}

// PostgreSQL walks through rows, SQLite through an index.
const limits: ListLimits = { few: 1000, walk: { sqlite: 6000, postgres: 2000 }, counted: 1000 }
// As a limit: no limit.
const unlimited = 2_000_000_000
const lastTime = Number.MAX_SAFE_INTEGER

/** Returns a page of the conversations that the actor may see, and their counts by assignee. */
export async function listConversations(
  queries: Queries,
  actor: Actor,
  { sort_by, ...given }: ConversationQuery,
  within = limits,
) {
  const query = sort_by ? { ...given, sort: sort_by.replace(/_desc$/, '') as typeof given.sort } : given
  const { q = '' } = query
  if (q.trim() !== '' && query.source_id !== undefined)
    throw new Refusal('malformed', 'source_id cannot be combined with q')
  const isOtherList = query.source_id !== undefined || q.trim() !== '' || query.sort !== 'last_activity_at'
  if (query.involvement !== undefined && isOtherList)
    throw new Refusal('malformed', 'involvement cannot be combined with q, source_id or another sort')
  if (query.unattended && (isOtherList || query.involvement !== undefined))
    throw new Refusal(
      'malformed',
      'unattended cannot be combined with q, source_id, involvement or another sort',
    )
  if (q.trim() !== '') return { data: await searchConversations(queries, actor, { ...query, q }) }
  const after = query.cursor === undefined ? undefined : readCursor(query.cursor, query.sort)
  const offset = after ? 0 : (query.page - 1) * conversationsPerPage
  const page = await filteredPage(queries, actor, query, within, offset, after)
  const { counts, isCapped, conversations, next } = page
  const meta = { ...counts, counts_capped: isCapped, next: next ? cursorAt(query.sort, next) : null }
  return { data: { meta, payload: conversations } }
}

/** Returns the counts of a list. */
export async function countConversations(queries: Queries, actor: Actor, query: ConversationCountQuery) {
  const listed = await listConversations(queries, actor, { ...query, page: 1, sort: 'last_activity_at' })
  const { next, ...counts } = listed.data.meta
  return counts
}

async function filteredPage(
  queries: Queries,
  actor: Actor,
  query: ConversationQuery,
  within: ListLimits,
  offset: number,
  after: PageStart = { at: lastTime, id: lastTime },
): Promise<ListPage> {
  const inboxes = await inboxesOf(queries, actor, query)
  const filter = {
    account_id: actor.accountId,
    user_id: actor.userId,
    statuses: JSON.stringify(query.status === 'all' ? statuses : [query.status]),
    inboxes: inboxes && JSON.stringify(inboxes),
    team_id: query.team_id ?? any,
  }
  const { total, ...counts } = await readCounts(queries, filter)
  const range: PageRange = {
    ...filter,
    status: query.status,
    assignee_id: assigneeOf(actor, query),
    labels: null,
    after_at: after.at,
    after_id: after.id,
    after_hour: Math.floor(after.at / 3_600_000),
    limit: conversationsPerPage + 1,
    offset,
    reach: 0,
    label_id: 0,
    other_labels: null,
    label_bits: 0,
    contacts: null,
    source_name: null,
  }
  const list = new List(queries, query, range, within)
  const { labels: titles = [], source_id, unattended } = query
  const relation = unattended ? 'unattended' : query.involvement
  if (source_id !== undefined) return list.ofSource(source_id, titles)
  if (relation !== undefined) return list.ofRelation(relation, titles)
  return titles.length > 0 ? list.labelled(counts, total, titles) : list.filtered(counts, total)
}

/** Returns the ids of the inboxes of the list; null for all of the account. */
async function inboxesOf(
  queries: Queries,
  actor: Actor,
  { inbox_id }: ConversationQuery,
): Promise<number[] | null> {
  if (seesAllInboxes(actor)) return inbox_id === undefined ? null : [inbox_id]
  const visible = await selectInboxesOfMember(queries, actor)
  return inbox_id === undefined ? visible : visible.filter((id) => id === inbox_id)
}

function assigneeOf({ userId }: Actor, { assignee_type }: ConversationQuery): number {
  return { me: userId, unassigned: none, assigned: others, all: any }[assignee_type]
}

const empty: ListPage = {
  counts: { all_count: 0, mine_count: 0, unassigned_count: 0, assigned_count: 0 },
  isCapped: false,
  conversations: [],
  next: undefined,
}

/** Chooses how a page is read, so that few conversations are read besides those of the page. */
class List {
  readonly #queries: Queries
  readonly #query: ConversationQuery
  readonly #range: PageRange
  readonly #limits: ListLimits

  constructor(queries: Queries, query: ConversationQuery, range: PageRange, within: ListLimits) {
    this.#limits = within
    this.#queries = queries
    this.#query = query
    this.#range = range
  }

  async filtered(counts: Counts, total: number): Promise<ListPage> {
    const { limit, offset } = this.#range
    const matching = this.#ofAssignee(counts)
    const result = (page: Awaited<ReturnType<typeof selectListPage>>) => ({
      ...page,
      counts,
      isCapped: false,
    })
    if (matching <= offset) return { ...empty, counts }
    const reach = offset + limit
    if (matching === total) {
      if (this.#range.inboxes === null) return result(await this.#read('whole', { reach }))
      // One of another inbox may have been opened since they were counted: it is left out, and the page still full.
      return result(await this.#read('walked', { reach: reach + limit }))
    }
    // If the matching conversations are spread evenly.
    const expected = Math.ceil((reach * total) / matching)
    const most = Math.max(this.#limits.walk[this.#queries.engine], 4 * expected)
    if (2 * expected <= this.#limits.walk[this.#queries.engine] || expected < matching) {
      const page = await this.#read('walked', { reach: Math.min(most, unlimited) })
      const wanted = Math.min(limit - 1, matching - offset)
      if (page.next || total <= most || page.conversations.length === wanted) return result(page)
    }
    const reading = this.#query.sort === 'last_activity_at' ? 'grouped' : 'members'
    return result(await this.#read(reading, { reach, inboxes: await this.#inboxes() }))
  }

  async labelled(counts: Counts, total: number, titles: string[]): Promise<ListPage> {
    const { limit } = this.#range
    const { few } = this.#limits
    const labels = await this.#labels(titles, few + 1)
    const [rarest] = labels.sort((one, other) => one.size - other.size)
    if (labels.length < titles.length || !rarest || counts.all_count === 0) return empty
    const range = labelRange(labels.map(({ id }) => id))
    // Other labels are assumed to leave one of ten conversations.
    const isFewerThanRecent = counts.all_count ** 2 <= limit * total * 10 ** (labels.length - 1)
    if (rarest.size <= few ? counts.all_count <= rarest.size : isFewerThanRecent) {
      const inboxes = await this.#inboxes()
      const ofAll = { ...this.#range, ...range, inboxes, assignee_id: any }
      const [exact, page] = await Promise.all([
        countByReading(this.#queries, { reading: 'members', isOneStatus: this.#isOneStatus }, ofAll),
        this.#read('members', { ...range, inboxes }),
      ])
      return { counts: exact, isCapped: false, ...page }
    }
    return this.#related('label', rarest.size, range)
  }

  /** The conversations that the user follows, in which they are mentioned, or in which a customer waits. */
  async ofRelation(relation: Exclude<Relation, 'label'>, titles: string[]): Promise<ListPage> {
    const { account_id, user_id, statuses } = this.#range
    const labels = await this.#labelIds(titles)
    if (labels === undefined) return empty
    const query = { account_id, user_id, statuses, limit: this.#limits.few + 1 }
    const size = await countRelation(this.#queries, relation, query)
    return this.#related(relation, size, { labels })
  }

  /** A contact has few conversations, so all of them are read. */
  async ofSource(sourceId: string, titles: string[]): Promise<ListPage> {
    const { account_id } = this.#range
    const inboxes = JSON.parse(await this.#inboxes())
    const known = await findContactInboxes(this.#queries, account_id, inboxes, sourceId)
    const labels = await this.#labelIds(titles)
    if (known.length === 0 || labels === undefined) return empty
    const range = {
      inboxes: JSON.stringify(known.map(({ inbox_id }) => inbox_id)),
      contacts: JSON.stringify(known.map(({ contact_id }) => contact_id)),
      source_name: isSecret(sourceId) ? null : sourceId,
      labels,
    }
    const ofAll = { ...this.#range, ...range, assignee_id: any }
    const [counts, page] = await Promise.all([
      countByReading(this.#queries, { reading: 'source', isOneStatus: false }, ofAll),
      this.#read('source', range),
    ])
    return { counts, isCapped: false, ...page }
  }

  /** The conversations of a relation with `size` rows. If they are more than a few, the counts are lower bounds. */
  async #related(relation: Relation, size: number, range: Partial<PageRange>): Promise<ListPage> {
    const { few, counted } = this.#limits
    const isCapped = size > few
    const shape = { reading: 'related', relation, isOneStatus: this.#isOneStatus } as const
    // The rows of a label tell whether they match, so many more of them are read.
    const reach = relation === 'label' ? 10 * few : few
    const latest = { ...range, reach, limit: few, after_hour: lastTime, assignee_id: any }
    const [some, page] = await Promise.all([
      countByReading(this.#queries, shape, { ...this.#range, ...latest }),
      this.#pageOf(relation, isCapped, range),
    ])
    return { counts: isCapped ? capped(some, counted) : some, isCapped, ...page }
  }

  async #pageOf(relation: Relation, isMany: boolean, range: Partial<PageRange>) {
    const reach = this.#range.offset + this.#range.limit
    if (this.#query.sort === 'last_activity_at') return this.#read('recent', { ...range, reach }, relation)
    if (isMany) {
      const page = await this.#read('walked', { ...range, reach: this.#limits.walk[this.#queries.engine] })
      if (page.next) return page
    }
    return this.#read('related', { ...range, reach: unlimited, after_hour: lastTime }, relation)
  }

  /** The labels with these titles, each with the number of its conversations up to `limit`. */
  #labels(titles: string[], limit: number) {
    const { account_id, statuses } = this.#range
    return selectLabelSizes(this.#queries, { account_id, statuses, titles: JSON.stringify(titles), limit })
  }

  /** The ids of the labels with these titles, as a JSON list; null for no titles, undefined if a label does not exist. */
  async #labelIds(titles: string[]): Promise<string | null | undefined> {
    if (titles.length === 0) return null
    const labels = await this.#labels(titles, 1)
    return labels.length < titles.length ? undefined : idsOf(labels)
  }

  #read(reading: Reading, change: Partial<PageRange> = {}, relation: Relation = 'label') {
    const { sort, assignee_type } = this.#query
    const isOneAssignee = assignee_type === 'me' || assignee_type === 'unassigned'
    const shape = { reading, relation, sort, isOneStatus: this.#isOneStatus, isOneAssignee }
    return selectListPage(this.#queries, shape, { ...this.#range, ...change })
  }

  /** Returns the list's inboxes as a JSON list, even if they are all of the account. */
  async #inboxes(): Promise<string> {
    const { inboxes, account_id } = this.#range
    return inboxes ?? JSON.stringify(await selectInboxIds(this.#queries, account_id))
  }

  get #isOneStatus(): boolean {
    return this.#query.status !== 'all'
  }

  #ofAssignee({ mine_count, unassigned_count, assigned_count, all_count }: Counts): number {
    const counts = { me: mine_count, unassigned: unassigned_count, assigned: assigned_count, all: all_count }
    return counts[this.#query.assignee_type]
  }
}

function idsOf(labels: { id: number }[]): string {
  return JSON.stringify(labels.map(({ id }) => id))
}

function capped(counts: Counts, most: number): Counts {
  const entries = Object.entries(counts).map(([name, value]) => [name, Math.min(value, most)])
  return Object.fromEntries(entries)
}
