import type { Queries } from '../db/database.ts'

// An error can quote the content of an event.
const maxErrorLength = 300

/** Records an event that a follower has given up. */
export async function parkEvent(
  tx: Queries,
  key: { account_id: number; follower: string; position: number },
  error: unknown,
): Promise<void> {
  const text = String(error).slice(0, maxErrorLength).replaceAll('\0', '')
  await tx.sql
    .insertInto('parked_events')
    .values({ ...key, error: text, created_at: Date.now() })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/** Returns how many events of all accounts followers have given up. */
export async function countParked(queries: Queries): Promise<number> {
  const { count } = await queries.sql
    .selectFrom('parked_events')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return count
}

/** Returns the event that was given up last; undefined if there is none. */
export function findLastParked(queries: Queries) {
  return queries.sql
    .selectFrom('parked_events')
    .selectAll()
    .orderBy('created_at', 'desc')
    .limit(1)
    .executeTakeFirst()
}

/** Deletes the records of events up to a position, which are no longer in the log. */
export async function deleteParked(tx: Queries, accountId: number, upTo: number): Promise<void> {
  await tx.sql
    .deleteFrom('parked_events')
    .where('account_id', '=', accountId)
    .where('position', '<=', upTo)
    .execute()
}
