import { type Insertable, sql } from 'kysely'
import type { Queries } from '../db/database.ts'
import type { Tables } from '../db/tables.ts'

/**
 * A new delivery. `first` is false if it waits for another one of the same target and order key in the same call.
 */
export type NewDelivery = Pick<
  Tables['deliveries'],
  'target_id' | 'position' | 'event' | 'conversation_id' | 'order_key'
> & { first: boolean }

const rowsPerStatement = 100

/** Stores deliveries: due at once, or waiting if an earlier one of the same target and order key is unfinished. */
export async function insertDeliveries(
  tx: Queries,
  accountId: number,
  deliveries: NewDelivery[],
  now: number,
): Promise<void> {
  for (let start = 0; start < deliveries.length; start += rowsPerStatement) {
    const rows = deliveries
      .slice(start, start + rowsPerStatement)
      .map(({ first, ...row }): Insertable<Tables['deliveries']> => {
        const due_at = first ? dueUnlessWaiting(accountId, row, now) : null
        return {
          ...row,
          account_id: accountId,
          state: 'pending',
          forced: 0,
          tries: 0,
          step: 0,
          due_at: due_at as never,
          created_at: now,
        }
      })
    await tx.sql
      .insertInto('deliveries')
      .values(rows)
      .onConflict((conflict) => conflict.doNothing())
      .execute()
  }
}

function dueUnlessWaiting(accountId: number, row: Omit<NewDelivery, 'first'>, now: number) {
  if (row.order_key === null) return now
  return sql`(select cast(${now} as bigint) where not exists (
    select 1 from deliveries d where d.account_id = ${accountId} and d.target_id = ${row.target_id}
      and d.order_key = ${row.order_key}))`
}
