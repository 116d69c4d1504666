import { type RawBuilder, sql } from 'kysely'
import type { Queries } from '../db/database.ts'
import { prepare } from '../db/prepare.ts'
import { newestPositions } from './read.ts'

/** An account with events that a follower has not seen. */
export interface Lag {
  account_id: number
  follower: string
  /** The position of the account's newest event. */
  newest: number
}

/**
 * Prepares the query for all lags of these followers: a single one for all accounts. It reads a counter of each account,
 * and a cursor of each follower there.
 */
export function lagsOf(
  followers: readonly { name: string; from: 'start' | 'call' }[],
): (queries: Queries) => Promise<Lag[]> {
  const cursors = followers.map(({ name, from }, index) => {
    const table = sql.ref(`f${index}`)
    // Without a cursor, one from `call` does not follow the account.
    const position = from === 'start' ? sql`coalesce(${table}.position, 0)` : sql`${table}.position`
    return {
      join: sql`left join followers ${table} on ${table}.account_id = c.account_id and ${table}.name = ${sql.lit(name)}`,
      isBehind: sql`case when c.value > ${position} then 1 else 0 end as ${sql.ref(`behind${index}`)}`,
      condition: sql`c.value > ${position}`,
    }
  })
  const joined = (part: 'join' | 'isBehind' | 'condition', separator: RawBuilder<unknown>) =>
    sql.join(
      cursors.map((one) => one[part]),
      separator,
    )
  const find = prepare()((builder) => {
    const query = sql<Record<string, number>>`select c.account_id, c.value, ${joined('isBehind', sql`, `)}
      from counters c ${joined('join', sql` `)}
      where c.name = 'events' and (${joined('condition', sql` or `)})`
    return { compile: () => query.compile(builder) }
  })
  return async (queries) =>
    (await find(queries, {})).flatMap(({ account_id, value, ...behind }) =>
      followers
        .filter((_, index) => behind[`behind${index}`] === 1)
        .map(({ name }) => ({ account_id: account_id!, follower: name, newest: value! })),
    )
}

interface Key {
  account_id: number
  name: string
}

const cursor = prepare<Key>()((builder, p) =>
  builder
    .selectFrom('followers')
    .select('position')
    .where('account_id', '=', p.account_id)
    .where('name', '=', p.name),
)

/** Returns the position up to which a follower has processed the account's events; undefined if it has no cursor. */
export async function cursorOf(
  queries: Queries,
  accountId: number,
  name: string,
): Promise<number | undefined> {
  const [row] = await cursor(queries, { account_id: accountId, name })
  return row?.position
}

/** Moves a cursor, if it exists. */
export const moveCursor = prepare<Key & { position: number }>()((builder, p) =>
  builder
    .updateTable('followers')
    .set({ position: p.position })
    .where('account_id', '=', p.account_id)
    .where('name', '=', p.name),
)

/** Moves a cursor, or creates it. */
export const setCursor = prepare<Key & { position: number }>()((builder, p) =>
  builder
    .insertInto('followers')
    .values({ account_id: p.account_id, name: p.name, position: p.position })
    .onConflict((conflict) =>
      conflict
        .columns(['account_id', 'name'])
        .doUpdateSet((set) => ({ position: set.ref('excluded.position') })),
    ),
)

/** Makes a follower from `call` follow the account's events from now on, unless it already follows them. */
export async function startFollowing(tx: Queries, accountId: number, name: string): Promise<void> {
  const position = (await newestPositions(tx, [accountId])).get(accountId) ?? 0
  await tx.sql
    .insertInto('followers')
    .values({ account_id: accountId, name, position })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/** Ends what `startFollowing` has begun. */
export async function stopFollowing(tx: Queries, accountId: number, name: string): Promise<void> {
  await tx.sql.deleteFrom('followers').where('account_id', '=', accountId).where('name', '=', name).execute()
}
