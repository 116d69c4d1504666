import { sql } from 'kysely'
import type { Queries } from '../db/database.ts'
import { prepare } from '../db/prepare.ts'
import { prepareForEach } from '../db/rows.ts'
import type { Tables } from '../db/tables.ts'
import type { ActorRef } from '../lib/actor.ts'
import { fromOldEvent } from './old-events.ts'

type Row = Tables['events']

/** An event of the log. A follower knows who acted, and why, without parsing `data`. */
export interface LoggedEvent extends Omit<Row, 'position' | 'actor_type'> {
  position: number
  actor_type: ActorRef['type']
}

/** Returns the event of a row that has a position. Everything that reads rows uses it, because they can be old. */
export function toLoggedEvent(row: Row): LoggedEvent {
  return (row.actor_type === null ? fromOldEvent(row) : row) as LoggedEvent
}

/** The JSON of an event for agents and programs: its data, who acted, why, and what was before. */
export function eventJson({ data, actor_type, actor_id, cause, before }: LoggedEvent): string {
  // Joined as text, because parsing the data of each event would be most of the work of a stream.
  const actor = `{"type":"${actor_type}","id":${actor_id}}`
  return `${data.slice(0, -1)},"actor":${actor},"cause":${cause},"before":${before ?? '{}'}}`
}

/** Consecutive events of an account. */
export interface Batch {
  events: LoggedEvent[]
  /** Whether there may be more events after these. */
  hasMore: boolean
}

// One event can have a megabyte, and all events of a batch are in memory at once.
const maxBytes = 1024 * 1024

interface Page {
  account_id: number
  position: number
  limit: number
  bytes: number
}

// The sizes come first: SQLite reads the size of a text without the text itself. The number of rows is a LIMIT: as a
// join, which SQLite stores before, a short page took three times as long.
const after = prepare<Page>()((builder, p) =>
  builder
    .selectFrom('events')
    .selectAll()
    .where('account_id', '=', p.account_id)
    .where('position', '>', p.position)
    .orderBy('position')
    .limit(
      sql<number>`(select count(*) from (
        select sum(bytes) over (order by position) - bytes as bytes_before from (
          select position, octet_length(data) + coalesce(octet_length(before), 0) as bytes from events
          where account_id = ${p.account_id} and position > ${p.position}
          order by position limit ${p.limit}) sizes) page
        where bytes_before < ${p.bytes})`,
    ),
)

/**
 * Returns the next events of the account after `position`, in order: at most `limit`, and at most a megabyte unless a
 * single one is larger. Later commits get higher positions.
 */
export async function readEvents(
  queries: Queries,
  accountId: number,
  position: number,
  limit: number,
): Promise<Batch> {
  const rows = await after(queries, { account_id: accountId, position, limit, bytes: maxBytes })
  const isFull = rows.length === limit || rows.reduce((sum, row) => sum + bytesOf(row), 0) >= maxBytes
  return { events: rows.map(toLoggedEvent), hasMore: isFull }
}

function bytesOf({ data, before }: Pick<Row, 'data' | 'before'>): number {
  return Buffer.byteLength(data) + Buffer.byteLength(before ?? '')
}

const at = prepareForEach<{ account_id: number }>()({ position: 'bigint' }, (builder, p) =>
  builder
    .selectFrom('events')
    .selectAll()
    .where('account_id', '=', p.account_id)
    .where('position', '=', p.position),
)

/** Returns the events of the account at some positions, without those that are no longer in the log. */
export async function readEventsAt(
  queries: Queries,
  accountId: number,
  positions: ReadonlySet<number>,
): Promise<Map<number, LoggedEvent>> {
  const rows = await at(
    queries,
    { account_id: accountId },
    [...positions].map((position) => ({ position })),
  )
  return new Map(rows.map((row) => [row.position!, toLoggedEvent(row)]))
}

const first = prepare<{ account_id: number }>()((builder, p) =>
  builder
    .selectFrom('events')
    .select('position')
    .where('account_id', '=', p.account_id)
    .where('position', 'is not', null)
    .orderBy('position')
    .limit(1),
)

/**
 * Returns the range of cursors that the log can serve: `oldest` (events up to it have been removed) and `newest`. They
 * are equal if the log is empty.
 */
export async function logBounds(
  queries: Queries,
  accountId: number,
): Promise<{ oldest: number; newest: number }> {
  const newest = (await newestPositions(queries, [accountId])).get(accountId) ?? 0
  const [row] = await first(queries, { account_id: accountId })
  return { oldest: row ? row.position! - 1 : newest, newest }
}

/** Returns the position of the newest event of each account, without accounts that never had an event. */
export async function newestPositions(queries: Queries, accountIds: number[]): Promise<Map<number, number>> {
  if (accountIds.length === 0) return new Map()
  const rows = await queries.sql
    .selectFrom('counters')
    .select(['account_id', 'value'])
    .where('name', '=', 'events')
    .where('account_id', 'in', accountIds)
    .execute()
  return new Map(rows.map(({ account_id, value }) => [account_id, value]))
}
