import type { Queries } from './database.ts'
import { prepare } from './prepare.ts'
import type { Tables } from './tables.ts'

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

/** Returns the account's next id of a kind: 1, 2, 3... An id is never used again, even if its row is deleted. */
export async function nextId(tx: Queries, accountId: number, name: keyof Tables): Promise<number> {
  return reserveIds(tx, accountId, name, 1)
}

/** Reserves the account's next `many` ids of a kind and returns the last of them. */
export async function reserveIds(
  tx: Queries,
  accountId: number,
  name: keyof Tables,
  many: number,
): Promise<number> {
  const [row] = await count(tx, { account_id: accountId, name, count: many })
  return row!.value
}

/** Returns the last id of a kind that was used in an account; 0 if there is none. */
export async function lastId(queries: Queries, accountId: number, name: keyof Tables): Promise<number> {
  const values = queries.sql.selectFrom('counters').select('value').where('account_id', '=', accountId)
  return (await values.where('name', '=', name).executeTakeFirst())?.value ?? 0
}

/** Makes the next id of a kind in an account greater than `last`, whose row comes from elsewhere. */
export async function raiseIds(
  tx: Queries,
  accountId: number,
  name: keyof Tables,
  last: number,
): Promise<void> {
  const missing = last - (await lastId(tx, accountId, name))
  if (missing > 0) await reserveIds(tx, accountId, name, missing)
}
