import { setTimeout as sleep } from 'node:timers/promises'
import type { Database, Queries } from '../db/database.ts'
import { prepare } from '../db/prepare.ts'
import { every, type Logger, logErrors, type Running } from '../lib/loop.ts'
import { deleteParked } from './parked.ts'

// Events removed in one transaction, and milliseconds until the next one, so that other writers can run in between.
const step = { size: 100, pause: 50 }
const hour = 3_600_000
// The server has other work just after its start.
const firstPause = 60_000

/** Removes events older than `days` from the log, every hour. */
export function startPruning(
  database: Database,
  days: number,
  logger: Logger,
  { first = firstPause } = {},
): Running {
  const onError = logErrors(logger, 'removing old events failed, will try again in an hour')
  const prune = async (signal: AbortSignal) => {
    await pruneLog(database, Date.now() - days * 24 * hour, { signal })
  }
  return every(hour, prune, { first, onError })
}

/**
 * Removes the events that are older than `before` (milliseconds since 1970), step by step. Returns how many. Of each
 * account only the beginning of the log is removed, so that a reader either is behind all remaining events, and has to
 * start over, or has missed nothing.
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
      const firstRecent = oldest.findIndex(({ created_at }) => created_at >= before)
      const old = firstRecent < 0 ? oldest : oldest.slice(0, firstRecent)
      const last = old.at(-1)
      if (!last || signal?.aborted) break
      await database.autocommit((tx) => remove(tx, account_id, last.position!))
      await database.autocommit((tx) => deleteParked(tx, account_id, last.position!))
      count += old.length
      if (firstRecent >= 0) break
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
    .limit(1),
)

const oldestEvents = prepare<{ account_id: number; limit: number }>()((builder, p) =>
  builder
    .selectFrom('events')
    .select(['position', 'created_at'])
    .where('account_id', '=', p.account_id)
    .where('position', 'is not', null)
    .orderBy('position')
    .limit(p.limit),
)

async function remove(tx: Queries, accountId: number, upTo: number): Promise<void> {
  const events = tx.sql.deleteFrom('events').where('account_id', '=', accountId)
  await events.where('position', '<=', upTo).execute()
}
