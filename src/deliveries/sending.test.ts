import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Nodes } from '../db/database.ts'
import { Refusal } from '../lib/errors.ts'
import type { Attempt } from './claim.ts'
import { Sending } from './sending.ts'

describe('An attempt whose sender throws', () => {
  const nodes = { id: 1, onLost: () => () => {} } as unknown as Nodes
  const logged: string[] = []
  const logger = { error: (_: object, sentence: string) => logged.push(sentence) }
  const sending = new Sending(nodes, logger as never, () => 0)
  const outcomeAfter = async (error: Error) => {
    const sender = { name: 'test', send: async () => Promise.reject(error) }
    const by = { sender, schedule: { timeout: 1 } }
    const event = { position: 5 }
    const attempt = { by, accountId: 1, targetId: 1, event, number: 1, node: 1, leaseEnd: 10 }
    return (await sending.send(attempt as unknown as Attempt))?.outcome
  }

  it('counts as failed, so that it is not repeated for ever', async () => {
    assert.deepEqual(await outcomeAfter(new TypeError('a bug')), { state: 'retry', reason: 'internal' })
    assert.deepEqual(logged, ['deliveries: test failed to send event 5'])
  })

  it('does not count if the database was unavailable', async () => {
    assert.equal(await outcomeAfter(new Refusal('unavailable', 'the database does not respond')), undefined)
  })
})
