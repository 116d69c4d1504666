import type { FastifyBaseLogger } from 'fastify'
import type { Database } from '../../db/database.ts'
import type { Context } from '../../http/feature.ts'
import { systemOf } from '../../lib/actor.ts'
import { every, logErrors, type Running } from '../../lib/loop.ts'
import { applyChange } from './change.ts'
import { lockRow, selectDueSnoozed } from './store.ts'

const interval = 1000
const maxPerInterval = 100

/** Opens snoozed conversations when their time has come, also those that became due while no server was running. */
export function startUnsnoozing({ database }: Context, logger: FastifyBaseLogger): Running {
  const unsnoozeAll = async () => {
    const due = await selectDueSnoozed(database.read, Date.now(), maxPerInterval)
    for (const { account_id, id } of due) await unsnooze(database, account_id, id)
  }
  const onError = logErrors(logger, 'opening snoozed conversations failed, will try again')
  return every(interval, unsnoozeAll, { first: interval, onError })
}

async function unsnooze(database: Database, accountId: number, id: number): Promise<void> {
  const system = systemOf(accountId)
  await database.transaction(accountId, async (tx) => {
    const row = await lockRow(tx, system, id)
    // Another node was faster, or the conversation has been changed in the meantime.
    if (row?.status !== 'snoozed' || row.snoozed_until === null || row.snoozed_until > Date.now()) return
    await applyChange(tx, system, row, { status: 'open', snoozed_until: null }, [{ kind: 'unsnoozed' }])
  })
}
