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
