import type { OrderQueries, WalkQueries } from './schema.ts'

/** The limits of a walk, which only tests change. */
export interface WalkLimits {
  /** Rows that one query examines. */
  window: number
  /** Milliseconds after which no further query begins. */
  time: number
  /** Rows that an index may find, so that only these are examined. */
  found: number
}
export const walkLimits: WalkLimits = { window: 2000, time: 100, found: 5000 }

interface Walked {
  ids: number[]
  /** The cursor of the next page; null if there is none. */
  before_id: number | null
  timed_out: boolean
}

/**
 * Finds up to `wanted` rows that match a filter, newest first, with ids below `before`. Few rows that an index finds
 * are examined together. Otherwise it walks through all rows, some in each query, until the time is over: so a filter
 * that matches nothing costs the same in an account of any size.
 */
export async function walk(
  queries: WalkQueries,
  wanted: number,
  before = Number.MAX_SAFE_INTEGER,
  limits = walkLimits,
): Promise<Walked> {
  const deadline = performance.now() + limits.time
  const found = await queries.find(limits.found + 1)
  const isFew = found !== undefined && found.length <= limits.found
  const ids: number[] = []
  for (let from = before; ; ) {
    const floor = isFew ? undefined : await queries.floor(from, limits.window)
    const limit = wanted + 1 - ids.length
    ids.push(
      ...(await queries.matching({ before: from, floor: floor ?? 0, ids: isFew ? found : undefined, limit })),
    )
    if (ids.length > wanted)
      return { ids: ids.slice(0, wanted), before_id: ids[wanted - 1]!, timed_out: false }
    if (floor === undefined) return { ids, before_id: null, timed_out: false }
    if (performance.now() > deadline) return { ids, before_id: floor, timed_out: true }
    from = floor
  }
}

interface WalkedInOrder<Position> {
  found: Position[]
  /** After which row the search goes on; undefined if all have been examined. */
  next: Position | undefined
  isOver: boolean
}

/**
 * Like `walk`, in the order of an index that has another column than the id: finds up to `wanted` rows after a
 * position. Few rows that an index of the filter finds are sorted.
 */
export async function walkInOrder<Position extends { id: number }>(
  queries: WalkQueries,
  order: OrderQueries<Position>,
  { after, wanted, limits }: { after: Position | undefined; wanted: number; limits: WalkLimits },
): Promise<WalkedInOrder<Position>> {
  const deadline = performance.now() + limits.time
  const matching = async (ids: number[]) => {
    const all = { before: Number.MAX_SAFE_INTEGER, floor: 0, limit: ids.length }
    return ids.length === 0 ? [] : queries.matching({ ...all, ids })
  }
  const indexed = await queries.find(limits.found + 1)
  if (indexed && indexed.length <= limits.found) {
    const ids = await matching(indexed)
    return pageOf(ids.length === 0 ? [] : await order.sort(ids, after, wanted + 1), wanted)
  }
  const found: Position[] = []
  for (let from = after; ; ) {
    const rows = await order.window(from, limits.window)
    const matches = new Set(await matching(rows.map(({ id }) => id)))
    found.push(...rows.filter(({ id }) => matches.has(id)))
    if (found.length > wanted || rows.length < limits.window) return pageOf(found, wanted)
    from = rows.at(-1)!
    if (performance.now() > deadline) return { found, next: from, isOver: true }
  }
}

function pageOf<Position>(rows: Position[], wanted: number): WalkedInOrder<Position> {
  const found = rows.slice(0, wanted)
  return { found, next: rows.length > wanted ? found.at(-1) : undefined, isOver: false }
}
