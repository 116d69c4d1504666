import type { Queries } from '../../db/database.ts'
import type { Actor } from '../../lib/actor.ts'
import type { Filter, OrderQueries, Selector } from '../filters/schema.ts'
import { indexedTest, readFilter } from '../filters/service.ts'
import { type WalkLimits, walk, walkInOrder, walkLimits } from '../filters/walk.ts'
import { type PageStart, selectConversations } from './conversation.store.ts'
import { cursorAt, readCursor } from './cursor.ts'
import { filterQueries } from './filter.store.ts'
import { keysOf } from './filter.ts'
import { conversationsPerPage } from './search.ts'
import { sortByActivity, windowByActivity } from './window.store.ts'

// A count of more says that there are at least so many.
const mostCounted = 1000
const start: PageStart = { at: Number.MAX_SAFE_INTEGER, id: Number.MAX_SAFE_INTEGER }

/** Throws `invalid` for selectors that cannot be read, which are in the field `filter`. */
export async function assertConversationFilter(
  queries: Queries,
  actor: Actor,
  selectors: readonly Selector[],
): Promise<void> {
  await read(queries, actor, selectors, false)
}

async function read(queries: Queries, actor: Actor, selectors: readonly Selector[], isStored = true) {
  const ofActor = selectors.map((one) =>
    one.attribute_key === 'assignee_id'
      ? { ...one, values: one.values.map((value) => (value === 'me' ? actor.userId : value)) }
      : one,
  )
  return readFilter(await keysOf(queries, actor, selectors), ofActor, { list: 'filter', isStored })
}

/**
 * Returns a page of the conversations that the actor sees and that match a filter, the last active ones first. If its
 * time is over before the page is full, `timed_out` is true and `next` continues. Throws `malformed` for a bad cursor.
 */
export async function listFiltered(
  queries: Queries,
  actor: Actor,
  selectors: readonly Selector[],
  cursor: string | undefined,
  limits = walkLimits,
) {
  const after = cursor === undefined ? undefined : readCursor(cursor, 'last_activity_at')
  const { found, next, isOver } = await walkByActivity(queries, actor, selectors, {
    after,
    wanted: conversationsPerPage,
    limits,
  })
  const ids = found.map(({ id }) => id)
  const payload = await selectConversations(queries, actor.accountId, ids)
  return {
    payload,
    meta: { next: next ? cursorAt('last_activity_at', next) : null, timed_out: isOver },
  }
}

/**
 * Returns the ids of up to `wanted` conversations that the actor sees and that match a filter, newest first, with ids below
 * `before`. The search goes on at `before_id`, unless that is null.
 */
export async function idsOfFiltered(
  queries: Queries,
  actor: Actor,
  selectors: readonly Selector[],
  wanted: number,
  before?: number,
): Promise<{ ids: number[]; before_id: number | null }> {
  const filter = await read(queries, actor, selectors)
  return walk(filterQueries(queries, actor, filter, indexedTest(filter)), wanted, before)
}

/** Counts the conversations that the actor sees and that match a filter; `count_capped` if there may be more. */
export async function countFiltered(
  queries: Queries,
  actor: Actor,
  selectors: readonly Selector[],
  limits: WalkLimits = { ...walkLimits, time: 30 },
) {
  const walk = { after: undefined, wanted: mostCounted, limits }
  const { found, next } = await walkByActivity(queries, actor, selectors, walk)
  return { count: found.length, count_capped: next !== undefined }
}

interface Walk {
  after: PageStart | undefined
  wanted: number
  limits: WalkLimits
}

/** Finds conversations that match a filter, in the order of their last activity. */
async function walkByActivity(queries: Queries, actor: Actor, selectors: readonly Selector[], walk: Walk) {
  const filter = await read(queries, actor, selectors)
  const parts = filterQueries(queries, actor, filter, indexedTest(filter))
  const account_id = actor.accountId
  const status = onlyStatus(filter)
  const byActivity: OrderQueries<PageStart> = {
    window: (after = start, limit) => windowByActivity(queries, { account_id, status, after, limit }),
    sort: (ids, after = start, limit) => sortByActivity(queries, account_id, ids, after, limit),
  }
  return walkInOrder(parts, byActivity, walk)
}

/** The only status that a matching conversation can have; undefined if there are several. */
function onlyStatus(filter: Filter): string | undefined {
  const [tests, another] = filter
  if (another) return undefined
  const statuses = tests!.filter(({ name, operator, isNegative }) => {
    return name === 'status' && operator === 'equal_to' && !isNegative
  })
  const status = statuses.find(({ values }) => values.length === 1)?.values[0]
  return status === 'all' ? undefined : (status as string | undefined)
}
