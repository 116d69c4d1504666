import { setTimeout as sleep } from 'node:timers/promises'
import type { Database, Queries } from '../db/database.ts'
import { limitOf, prepare } from '../db/prepare.ts'

// Events that go at once, and milliseconds until the next go: other writers come in between.
const step = { size: 100, pause: 50 }
const hour = 3_600_000
// After the start there is other work.
const firstPause = 60_000

/** Removes old events from the log, every hour. Gives how to stop. */
export function startPruning(database: Database, days: number): () => Promise<void> {
  const stop = new AbortController()
  const { signal } = stop
  const work = async () => {
    await sleep(firstPause, undefined, { ref: false, signal })
    for (;;) {
      // Where the database is away or the disk full: in an hour.
      await pruneLog(database, Date.now() - days * 24 * hour, { signal }).catch(() => {})
      await sleep(hour, undefined, { ref: false, signal })
    }
  }
  // It ends by being stopped.
  const working = work().catch(() => {})
  return async () => {
    stop.abort()
    await working
  }
}

/**
 * Removes the events that were made before a time (milliseconds), step by step; gives how many. What goes of an account
 * is a beginning of its log, so that a reader's position is either before all that is left, or has missed nothing.
 */
export async function pruneLog(
  database: Database,
  before: number,
  options: { size?: number; pause?: number; signal?: AbortSignal } = {},
): Promise<number> {
  const { size, pause, signal } = { ...step, ...options }
  let count = 0
  let account_id = 0
  for (;;) {
    const [next] = await nextAccount(database.read, { account_id })
    if (!next || signal?.aborted) return count
    account_id = next.account_id
    for (;;) {
      const oldest = await oldestEvents(database.read, { account_id, limit: size })
      const kept = oldest.findIndex(({ created_at }) => created_at >= before)
      const old = kept < 0 ? oldest : oldest.slice(0, kept)
      const last = old.at(-1)
      if (!last || signal?.aborted) break
      await database.statement((tx) => remove(tx, account_id, last.position!))
      count += old.length
      if (kept >= 0) break
      await sleep(pause, undefined, { ref: false })
    }
  }
}

const nextAccount = prepare<{ account_id: number }>()((builder, p) =>
  builder
    .selectFrom('events')
    .select('account_id')
    .where('account_id', '>', p.account_id)
    .orderBy('account_id')
    .limit(limitOf(1)),
)

const oldestEvents = prepare<{ account_id: number; limit: number }>()((builder, p) =>
  builder
    .selectFrom('events')
    .select(['position', 'created_at'])
    .where('account_id', '=', p.account_id)
    .where('position', 'is not', null)
    .orderBy('position')
    .limit(limitOf(p.limit)),
)

async function remove(tx: Queries, accountId: number, upTo: number): Promise<void> {
  const events = tx.sql.deleteFrom('events').where('account_id', '=', accountId)
  await events.where('position', '<=', upTo).execute()
}
