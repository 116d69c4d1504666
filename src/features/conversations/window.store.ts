import { sql } from 'kysely'
import type { Queries } from '../../db/database.ts'
import { prepare } from '../../db/prepare.ts'
import type { PageStart } from './conversation.store.ts'
import { type OrderedRange, whole } from './ordered.store.ts'

interface Window {
  account_id: number
  /** Only conversations with this status; undefined for any. */
  status: string | undefined
  after: PageStart
  limit: number
}

function windowQuery(isOneStatus: boolean) {
  return prepare<OrderedRange>()((builder, p, engine) => {
    const query = sql<PageStart>`${whole(p, 'last_activity_at', isOneStatus, engine)}`
    return { compile: () => query.compile(builder) }
  })
}
const windows = { one: windowQuery(true), all: windowQuery(false) }

/** The ids and times of the next conversations of an account, the last active ones first. */
export async function windowByActivity(
  queries: Queries,
  { account_id, status, after, limit }: Window,
): Promise<PageStart[]> {
  const query = windows[status === undefined ? 'all' : 'one']
  return query(queries, {
    ...{ account_id, status: status ?? '', after_at: after.at, after_id: after.id },
    ...{ after_hour: Math.floor(after.at / 3_600_000), limit, offset: 0, reach: limit },
  })
}

/** Sorts some conversations of an account by their last activity, and returns those after a place. */
export async function sortByActivity(
  queries: Queries,
  accountId: number,
  ids: readonly number[],
  after: PageStart,
  limit: number,
): Promise<PageStart[]> {
  return (
    queries.sql
      .selectFrom('conversations')
      .select(['id', 'last_activity_at as at'])
      .where('account_id', '=', accountId)
      .where('id', 'in', ids)
      .where(sql<boolean>`(last_activity_at, id) < (${after.at}, ${after.id})`)
      // `+ 0`: otherwise SQLite would read all conversations in this order.
      .orderBy(sql`last_activity_at + 0`, 'desc')
      .orderBy('id', 'desc')
      .limit(limit)
      .execute()
  )
}
