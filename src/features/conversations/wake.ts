import type { Database } from '../../db/database.ts'
import type { Context } from '../../http/feature.ts'
import { ofWaking } from './activity.ts'
import { applyChange } from './change.ts'
import { systemOf } from './record.ts'
import { lockRow, selectDue } from './store.ts'

// Between two looks, in milliseconds.
const pause = 1000
const mostAtOnce = 100

/** Opens snoozed conversations when their time has come, also those that were due while no server ran. */
export function startWaking({ database }: Context): () => Promise<void> {
  let running: Promise<void> | undefined
  const timer = setInterval(() => {
    running ??= wakeAll(database).finally(() => {
      running = undefined
    })
  }, pause).unref()
  return async () => {
    clearInterval(timer)
    await running
  }
}

async function wakeAll(database: Database): Promise<void> {
  try {
    const due = await selectDue(database.read, Date.now(), mostAtOnce)
    for (const { account_id, id } of due) await wake(database, account_id, id)
  } catch {
    // The database is away: the next look finds the same.
  }
}

async function wake(database: Database, accountId: number, id: number): Promise<void> {
  const system = systemOf(accountId)
  await database.transaction(accountId, async (tx) => {
    const row = await lockRow(tx, system, id)
    // Another node was first, or somebody has changed it meanwhile.
    if (row?.status !== 'snoozed' || row.snoozed_until === null || row.snoozed_until > Date.now()) return
    await applyChange(tx, system, row, { status: 'open', snoozed_until: null }, [ofWaking])
  })
}
