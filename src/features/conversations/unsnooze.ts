import type { Database } from '../../db/database.ts'
import type { Context } from '../../http/feature.ts'
import { unsnoozeLine } from './activity.ts'
import { applyChange } from './change.ts'
import { systemOf } from './event-log.ts'
import { lockRow, selectDueSnoozed } from './store.ts'

const interval = 1000
const maxPerInterval = 100

/**
 * Opens snoozed conversations when their time has come, also those that became due while no server was running. Returns
 * a function that stops it.
 */
export function startUnsnoozing({ database }: Context): () => Promise<void> {
  let running: Promise<void> | undefined
  const timer = setInterval(() => {
    running ??= unsnoozeAll(database).finally(() => {
      running = undefined
    })
  }, interval).unref()
  return async () => {
    clearInterval(timer)
    await running
  }
}

async function unsnoozeAll(database: Database): Promise<void> {
  try {
    const due = await selectDueSnoozed(database.read, Date.now(), maxPerInterval)
    for (const { account_id, id } of due) await unsnooze(database, account_id, id)
  } catch {
    // The database is unavailable. The next run finds the same conversations.
  }
}

async function unsnooze(database: Database, accountId: number, id: number): Promise<void> {
  const system = systemOf(accountId)
  await database.transaction(accountId, async (tx) => {
    const row = await lockRow(tx, system, id)
    // Another node was faster, or the conversation has been changed in the meantime.
    if (row?.status !== 'snoozed' || row.snoozed_until === null || row.snoozed_until > Date.now()) return
    await applyChange(tx, system, row, { status: 'open', snoozed_until: null }, [unsnoozeLine])
  })
}
