import assert from 'node:assert/strict'
import { it } from 'node:test'
import { startTestApp } from '../../test/app.ts'
import { longestDelay } from './queue.store.ts'

it('The delay of deliveries is that of the oldest one that is due, and none of those that are planned', async (t) => {
  const test = await startTestApp()
  t.after(() => test.close())
  const now = Date.now()
  const seen: number[] = []
  const isOver = new Error('nothing is stored, or it would be sent')
  const measuring = test.app.database.transaction(1, async (tx) => {
    const target = {
      account_id: 1,
      sender: 'test',
      since: 0,
      active: 1,
      disabled_reason: null,
      failing_since: null,
    }
    for (const [id, due_at] of [null, now + 9000, now - 2000, now - 5000, now - 3000].entries()) {
      await tx.sql
        .insertInto('delivery_targets')
        .values({ ...target, id: id + 1, due_at })
        .execute()
      seen.push(await longestDelay(tx, now))
    }
    throw isOver
  })
  await assert.rejects(measuring, isOver)
  assert.deepEqual(seen, [0, 0, 2000, 5000, 5000])
  const { body } = await test.api('//metrics', { token: null })
  assert.match(body, /^ndoto_deliveries_late_seconds 0$/m)
})
