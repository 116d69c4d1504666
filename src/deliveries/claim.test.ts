import assert from 'node:assert/strict'
import { it } from 'node:test'
import { startTestApp } from '../../test/app.ts'
import { type Claim, claimDeliveries } from './claim.ts'
import type { Sender } from './sender.ts'
import { scheduleSenders } from './senders.ts'
import { Slots } from './slots.ts'
import { selectTargets } from './target.store.ts'

const sender: Sender = {
  name: 'test',
  targets: async () => () => [],
  send: async () => ({ state: 'sent' }),
}

it('A target without due deliveries takes no slot from one that has some', async (t) => {
  const test = await startTestApp()
  t.after(() => test.close())
  const now = Date.now()
  const isOver = new Error('nothing is stored, or it would be sent')
  const claiming = test.app.database.transaction(1, async (tx) => {
    const [event] = await tx.sql.selectFrom('events').select('position').where('account_id', '=', 1).execute()
    const position = event!.position!
    const pending = { state: 'pending', forced: 0, tries: 0, step: 0 } as const
    const target = { account_id: 1, sender: 'test', since: 0, active: 1 }
    for (const [id, due_at] of [
      [901, null],
      [902, now - 1],
      [903, now - 2],
    ] as const) {
      await tx.sql
        .insertInto('delivery_targets')
        .values({ ...target, id, due_at })
        .execute()
      if (due_at === null) continue
      const delivery = { account_id: 1, target_id: id, position, event: 'any', due_at, created_at: now }
      await tx.sql
        .insertInto('deliveries')
        .values({ ...delivery, ...pending })
        .execute()
    }
    const targets = await selectTargets(tx, 1, now, [901])
    const claimer = { senders: scheduleSenders([sender], {}), slots: new Slots(2, 2), node: 1, now }
    const claim: Claim = { attempts: [], isShort: false }
    await claimDeliveries(tx, 1, targets, claimer, claim)
    assert.deepEqual(
      claim.attempts.map(({ targetId }) => targetId),
      [903, 902],
    )
    throw isOver
  })
  await assert.rejects(claiming, isOver)
})
