import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { sendMessage, startTestApp, type TestApp } from '../../test/app.ts'
import { openStream } from '../../test/event-stream.ts'
import { eventually } from '../../test/eventually.ts'
import { addAccount } from '../../test/factories.ts'
import type { Database } from '../db/database.ts'
import { systemOf } from '../lib/actor.ts'
import { appendEvent } from './append.ts'
import { pruneLog, startPruning } from './prune.ts'
import { logBounds, readEvents } from './read.ts'

const day = 24 * 3_600_000
let test: TestApp
before(async () => {
  test = await startTestApp()
})
after(() => test.close())

/** Replaces the log by events of these ages in days. Returns the position of the first. */
async function fill(ages: number[], accountId = 1): Promise<number> {
  const { database } = test.app
  const { sql } = database.read
  const fresh = sql.selectFrom('events').select('name').where('position', 'is', null)
  const settled = async () => (await fresh.execute()).length === 0
  await eventually(settled)
  const { newest } = await logBounds(database.read, accountId)
  await database.transaction(accountId, async (tx) => {
    await tx.sql.deleteFrom('events').where('account_id', '=', accountId).execute()
    const event = { name: 'message_created', audience: 'agents', inbox_id: 1 } as const
    for (const age of ages) {
      const data = JSON.stringify({ age })
      await appendEvent(tx, systemOf(accountId), { ...event, data })
      const made = tx.sql.updateTable('events').set({ created_at: Date.now() - age * day })
      await made.where('account_id', '=', accountId).where('data', '=', data).execute()
    }
  })
  await eventually(settled)
  return newest + 1
}

const prune = (options: { size?: number; pause?: number } = {}) =>
  pruneLog(test.app.database, Date.now() - 30 * day, { pause: 0, ...options })
const clear = () => pruneLog(test.app.database, Date.now() + day, { pause: 0 })

describe('Pruning the log', () => {
  it('removes the older events of each account, and nothing else', async () => {
    const other = await addAccount(test)
    const first = await fill([40, 35, 31, 29, 0])
    const theirs = await fill([33, 1], other.accountId)
    assert.equal(await prune(), 4)
    const { events: left } = await readEvents(test.app.database.read, 1, 0, 100)
    assert.deepEqual(
      left.map(({ position }) => position),
      [first + 3, first + 4],
    )
    assert.equal((await logBounds(test.app.database.read, other.accountId)).oldest, theirs)
    assert.equal(await prune(), 0)
  })

  it('keeps an older event after a newer one, so that no reader misses it without noticing', async () => {
    const first = await fill([50, 1, 45])
    await prune()
    const { oldest, newest } = await logBounds(test.app.database.read, 1)
    assert.deepEqual({ oldest, newest }, { oldest: first, newest: first + 2 })
  })

  it('looks for old events once an hour', async () => {
    await clear()
    let reads = 0
    const database = {
      get read() {
        reads++
        return test.app.database.read
      },
    }
    const pruning = startPruning(database as Database, 30, test.app.server.log, { first: 1 })
    await eventually(() => reads > 0)
    await sleep(200)
    await pruning.stop()
    assert.ok(reads <= 3, `${reads} reads`)
  })

  it('works in steps', async () => {
    await fill(Array.from({ length: 25 }, (_, number) => 60 + number))
    const before = test.app.database.stats().transactions
    await prune({ size: 10 })
    assert.ok(test.app.database.stats().transactions - before >= 3)
    assert.ok(
      (await readEvents(test.app.database.read, 1, 0, 100)).events.every(({ data }) => !data.includes('age')),
    )
  })

  it('makes only readers start over that have missed removed events', async () => {
    const first = await fill([40, 39, 3, 2])
    await prune()
    const late = await openStream(test, { query: `after=${first - 1}` })
    const { id } = await late.find(({ name }) => name === 'reset')
    const { newest } = await logBounds(test.app.database.read, 1)
    assert.equal(id, newest)
    await sendMessage(test, 'live')
    await late.find(({ data }) => data.content === 'live')
    assert.deepEqual(
      late.logged.map(({ name }) => name),
      ['reset', 'message_created'],
    )
    // This reader has seen all removed events.
    const inTime = await openStream(test, { query: `after=${first + 1}` })
    await inTime.find(({ data }) => data.content === 'live')
    assert.deepEqual(
      inTime.logged.map(({ data }) => data.age ?? data.content),
      [3, 2, 'live'],
    )
    for (const stream of [late, inTime]) stream.close()
    const headers = { accept: 'application/json' }
    const { body } = await test.api(`/events?after=${first - 1}`, { headers })
    assert.equal(body.payload.length, 1)
    assert.deepEqual(body.payload, [{ event: 'reset' }])
  })

  it('completely makes only readers start over that had not read all events', async () => {
    const first = await fill([0, 0])
    await clear()
    const stream = await openStream(test, { query: `after=${first}` })
    await stream.find(({ name }) => name === 'reset')
    stream.close()
    const settled = await openStream(test, { query: `after=${first + 1}` })
    await sendMessage(test, 'goes on')
    await settled.find(({ data }) => data.content === 'goes on')
    assert.deepEqual(settled.named('reset'), [])
    settled.close()
  })
})
