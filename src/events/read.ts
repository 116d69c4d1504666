import type { Queries } from '../db/database.ts'
import { limitOf, prepare } from '../db/prepare.ts'
import type { Tables } from '../db/tables.ts'

/** An event of the log, with its position. */
export interface LoggedEvent extends Omit<Tables['events'], 'position'> {
  position: number
}

const after = prepare<{ account_id: number; position: number; limit: number }>()((builder, p) =>
  builder
    .selectFrom('events')
    .selectAll()
    .where('account_id', '=', p.account_id)
    .where('position', '>', p.position)
    .orderBy('position')
    .limit(limitOf(p.limit)),
)

/** Returns up to `limit` events of the account after `position`, in order. Later commits get higher positions. */
export async function readEvents(
  queries: Queries,
  accountId: number,
  position: number,
  limit: number,
): Promise<LoggedEvent[]> {
  return (await after(queries, { account_id: accountId, position, limit })) as LoggedEvent[]
}

const first = prepare<{ account_id: number }>()((builder, p) =>
  builder
    .selectFrom('events')
    .select('position')
    .where('account_id', '=', p.account_id)
    .where('position', 'is not', null)
    .orderBy('position')
    .limit(limitOf(1)),
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
