import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { startTestApp, type TestApp } from '../../test/app.ts'
import { skipWithoutPostgres } from '../../test/databases.ts'
import { fillTables, indexesOf, isCompiledAgain, recording } from '../../test/query-plans.ts'
import type { Queries } from '../db/database.ts'
import { readEventsAt } from '../events/read.ts'
import { type Claim, claimDeliveries } from './claim.ts'
import * as queue from './queue.store.ts'
import { recordAttempts } from './record.ts'
import type { Sender } from './sender.ts'
import { scheduleSenders } from './senders.ts'
import { Slots } from './slots.ts'
import { selectTargets, updateNextDue } from './target.store.ts'

/** Ten targets with 5,000 deliveries each, of which every tenth is unfinished, and many that have none. */
const statements = [
  `insert into delivery_targets (account_id, id, sender, active, since, due_at)
    select 1, case when n % 5000 = 0 then n / 5000 + 100 else n + 1000 end, 'test', 1, 0,
      case when n % 5000 = 0 then n end from numbers where n % 10 = 0`,
  `insert into deliveries (account_id, target_id, position, event, conversation_id, order_key, state, due_at, created_at)
    select 1, n / 5000 + 100, n, 'message_created', n % 7, case when n % 10 = 0 then n % 7 end,
      case when n % 10 = 0 then 'running' else 'succeeded' end, case when n % 10 = 0 then n end, n from numbers`,
  `insert into events (account_id, position, name, audience, data, actor_type, cause, created_at)
    select 1, n, 'message_created', 'everyone', '{}', 'system', 'null', n from numbers where n % 10 = 0`,
  `insert into delivery_attempts (account_id, target_id, position, number, at, duration_ms, answer)
    select 1, n / 5000 + 100, n, 1, n, 1, '' from numbers where n % 10 > 0`,
]

const target_id = 103
const keys = [15_100, 15_110, 15_120].map((position) => ({ target_id, position }))
const due = { target_id, only_forced: 0, limit: 8 }

/** What a round runs, and the indexes that it may read. */
const queries: Record<string, [(queries: Queries) => Promise<unknown>, string[]]> = {
  'due deliveries': [(tx) => queue.selectDue(tx, 1, 90_000, [due]), ['deliveries_due (3)']],
  'deliveries that are running': [(tx) => queue.selectRunning(tx, 1, keys), ['deliveries (3)']],
  'the first of an order': [
    (tx) => queue.selectFirst(tx, 1, [{ target_id, order_key: 3 }]),
    ['deliveries_order (3)'],
  ],
  'the events of deliveries': [
    (tx) => readEventsAt(tx, 1, new Set([1, 2])),
    ['events (2)', 'events_position (2)'],
  ],
  'new states': [
    async (tx) => queue.updateDeliveries(tx, await queue.selectRunning(tx, 1, keys)),
    ['deliveries (3)'],
  ],
  'the next time of targets': [
    (tx) => updateNextDue(tx, 1, [103, 104]),
    ['delivery_targets (2)', 'deliveries_due (2)', 'deliveries_due (3)'],
  ],
  // SQLite reads all targets of the account, as it has no statistics.
  'the targets of a round': [
    (tx) => selectTargets(tx, 1, 90_000, [103, 104]),
    ['delivery_targets (1)', 'delivery_targets (2)', 'delivery_targets_due (1)'],
  ],
}

/** Claims the due deliveries of targets, records that they were sent, and returns the number of queries. */
async function countQueries(tx: Queries, count: number): Promise<number> {
  const { queries: recorder, seen } = recording(tx)
  const now = 90_000
  const slots = new Slots(64, 8)
  const senders = scheduleSenders([sender], {})
  const targets = (await selectTargets(recorder, 1, now, [])).slice(0, count)
  const claim: Claim = { attempts: [], isShort: false }
  const claimed = await claimDeliveries(recorder, 1, targets, { senders, slots, node: 1, now }, claim)
  await updateNextDue(recorder, 1, claimed)
  assert.equal(new Set(claim.attempts.map(({ targetId }) => targetId)).size, count)
  const results = claim.attempts.map((attempt) => {
    const { accountId, targetId, event, number } = attempt
    const delivery = { accountId, targetId, event, attempt: number, at: now, timeout: 1000 }
    return { attempt, delivery, outcome: { state: 'sent' } as const, durationMs: 1 }
  })
  await recordAttempts(recorder, 1, targets, results, { now, notify: true })
  return seen.length
}

const sender: Sender = {
  name: 'test',
  targets: async () => () => [],
  send: async () => ({ state: 'sent' }),
}

describe('The queries of a round read only the deliveries that it is about', () => {
  let test: TestApp
  before(async () => {
    test = await startTestApp()
  })
  after(() => test.close())

  const checkAll = (when: string) => {
    for (const [name, [run, indexes]] of Object.entries(queries)) {
      it(`${name}, ${when}`, () =>
        test.app.database.transaction(1, async (tx) => {
          const { queries: recorder, seen } = recording(tx)
          await run(recorder)
          const read = (await Promise.all(seen.map((query) => indexesOf(tx, query)))).flat()
          for (const query of seen) {
            assert.equal(
              await isCompiledAgain(tx, query),
              false,
              `compiled each time that it runs: ${query.sql}`,
            )
          }
          assert.ok(read.length > 0, 'no query has read an index')
          for (const index of read) assert.ok(indexes.includes(index), `${index} instead of ${indexes}`)
        }))
    }
  }

  checkAll('before the database has statistics')
  it('and the account grows', () => fillTables(test.app.database, statements))
  checkAll('in a large account')

  it('and on PostgreSQL are as many for ten targets as for one', { skip: skipWithoutPostgres }, async () => {
    const undone = new Error('the same deliveries are due again')
    const counts: number[] = []
    for (const count of [1, 10]) {
      const counting = test.app.database.transaction(1, async (tx) => {
        counts.push(await countQueries(tx, count))
        throw undone
      })
      await assert.rejects(counting, undone)
    }
    assert.equal(counts[0], counts[1])
    assert.ok(counts[1]! <= 12, `${counts[1]} queries`)
  })
})
