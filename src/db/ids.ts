import { sql } from 'kysely'
import type { Queries } from './database.ts'
import { prepare } from './prepare.ts'

type Kind =
  | 'inboxes'
  | 'contacts'
  | 'conversations'
  | 'messages'
  | 'events'
  | 'labels'
  | 'teams'
  | 'webhooks'
  | 'files'

const count = prepare<{ account_id: number; name: string; count: number }>()((sql, p) =>
  sql
    .insertInto('counters')
    .values({ account_id: p.account_id, name: p.name, value: p.count })
    .onConflict((conflict) =>
      conflict
        .columns(['account_id', 'name'])
        .doUpdateSet((set) => ({ value: set('counters.value', '+', p.count) })),
    )
    .returning('value'),
)

const next = prepare()((builder) => builder.selectNoFrom(sql<number>`nextval('message_ids')`.as('value')))

/** Returns the account's next id of a kind: 1, 2, 3... An id is never used again, even if its row is deleted. */
export async function nextId(tx: Queries, accountId: number, name: Kind): Promise<number> {
  const [row] =
    tx.engine === 'postgres' && name === 'messages'
      ? await next(tx, {})
      : await count(tx, { account_id: accountId, name, count: 1 })
  return row!.value
}

/**
 * Reserves the account's next `many` ids of a kind and returns the last of them. Not for messages on PostgreSQL; see
 * `nextMessageIds`.
 */
export async function reserveIds(tx: Queries, accountId: number, name: Kind, many: number): Promise<number> {
  const [row] = await count(tx, { account_id: accountId, name, count: many })
  return row!.value
}

const nextMany = prepare<{ count: number }>()((builder, { count }) => {
  const query = sql<{
    value: number
  }>`select nextval('message_ids') as value from generate_series(1, ${count})`
  return { compile: () => query.compile(builder) }
})

/** Returns the account's next `many` message ids, in ascending order. */
export async function nextMessageIds(tx: Queries, accountId: number, many: number): Promise<number[]> {
  if (tx.engine === 'postgres') return (await nextMany(tx, { count: many })).map(({ value }) => value)
  const last = await reserveIds(tx, accountId, 'messages', many)
  return Array.from({ length: many }, (_, index) => last - many + 1 + index)
}
