import assert from 'node:assert/strict'
import { once } from 'node:events'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { type App, startApp } from '../../../src/app.ts'
import { sendMessage, type TestApp } from '../../../test/app.ts'
import { skipWithoutPostgres } from '../../../test/databases.ts'
import { eventually } from '../../../test/eventually.ts'
import { addTestConversation } from '../../../test/factories.ts'
import {
  addWebhook,
  callingWebhooks,
  deliveriesOf,
  type Receiver,
  startReceiver,
  startWebhookApp,
} from '../../../test/webhooks.ts'

const allSucceeded = async (test: TestApp, webhookId: number, count: number) => {
  const all = await deliveriesOf(test, webhookId)
  return all.length === count && all.every(({ state }) => state === 'succeeded') && all
}

function countById({ received }: Receiver): Map<unknown, number> {
  const ids = Map.groupBy(received, ({ headers }) => headers['webhook-id'])
  return new Map([...ids].map(([id, all]) => [id, all.length]))
}

describe('a restart', () => {
  it('loses no retry', async (t) => {
    let isBroken = true
    const receiver = await startReceiver((response) => {
      if (isBroken) response.writeHead(500).end()
    })
    const test = await startWebhookApp({ delays: [20, 20, 20, 20, 20, 20, 400] })
    t.after(() => test.close())
    const { id } = await addWebhook(test, receiver.url)
    for (const content of ['a', 'b', 'c']) await sendMessage(test, content)
    await eventually(() => receiver.received.length >= 3)
    await test.restart()
    isBroken = false
    await eventually(() => allSucceeded(test, id, 3))
    assert.deepEqual(receiver.contents().slice(-3), ['a', 'b', 'c'])
    const [first] = await deliveriesOf(test, id)
    const { length } = receiver.contents().filter((content) => content === 'a')
    assert.equal(first.attempts.length, length, 'an attempt was not recorded')
  })

  it('waits for running attempts, records them, and claims no more', async (t) => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const receiver = await startReceiver(() => promise)
    const test = await startWebhookApp()
    t.after(() => test.close())
    const { id } = await addWebhook(test, receiver.url)
    for (const content of ['a', 'b']) await sendMessage(test, content)
    await eventually(() => receiver.received.length === 1)
    const closing = test.app.close()
    setTimeout(resolve, 100)
    await closing
    assert.equal(receiver.received.length, 1)
    await test.restart()
    await eventually(() => allSucceeded(test, id, 2))
    assert.deepEqual(receiver.contents(), ['a', 'b'])
  })

  it('does not wait for attempts that hang, and leaves them to the next process', async (t) => {
    let hangs = true
    let open = 0
    const receiver = await startReceiver((response) => {
      if (!hangs) return undefined
      open++
      return new Promise((resolve) => response.on('close', () => resolve(void open--)))
    })
    const test = await startWebhookApp({ grace: 50, timeout: 20_000, lease: 30_000 })
    t.after(() => test.close())
    const { id } = await addWebhook(test, receiver.url)
    await sendMessage(test, 'a')
    await eventually(() => receiver.received.length === 1)
    hangs = false
    const start = performance.now()
    await test.app.close()
    assert.ok(performance.now() - start < 2000, 'it waited for the end of the attempt')
    await eventually(() => open === 0)
    await test.restart()
    const [delivery] = await eventually(() => allSucceeded(test, id, 1))
    assert.deepEqual(receiver.contents(), ['a', 'a'])
    assert.deepEqual(
      delivery.attempts.map(({ number }: { number: number }) => number),
      [2],
    )
  })
})

describe('two nodes on one database', { skip: skipWithoutPostgres }, () => {
  it('make each attempt once, in order, and miss no event', async (t) => {
    const running = new Map<unknown, number>()
    let overlapping = 0
    const receiver = await startReceiver(async (response, { headers }) => {
      const id = headers['webhook-id']
      running.set(id, (running.get(id) ?? 0) + 1)
      if (running.get(id)! > 1) overlapping++
      await sleep(Math.random() * 20)
      running.set(id, running.get(id)! - 1)
      // Some fail, so that each node retries deliveries of the other.
      if (Math.random() < 0.1) response.writeHead(500).end()
    })
    const delays = Array(20).fill(10)
    const test = await startWebhookApp({ delays })
    const other = await startApp({ ...test.config, port: 0 }, callingWebhooks({ delays }))
    t.after(async () => {
      await other.close()
      await test.close()
    })
    const { id } = await addWebhook(test, receiver.url)
    const conversations = [1]
    for (let i = 0; i < 9; i++) conversations.push(await addTestConversation(test))
    const count = 20
    for (let i = 0; i < count; i++) {
      await Promise.all(conversations.map((number) => sendMessage(test, `${number} ${i}`, {}, number)))
    }
    await eventually(async () => {
      const rows = await test.app.database.read.sql
        .selectFrom('deliveries')
        .select(['state', 'tries'])
        .where('target_id', '=', id)
        .execute()
      return rows.length === count * conversations.length && rows.every(({ state }) => state === 'succeeded')
    })
    assert.equal(overlapping, 0, 'the same delivery was attempted twice at the same time')
    const attempts = await test.app.database.read.sql.selectFrom('delivery_attempts').select('code').execute()
    assert.equal(receiver.received.length, attempts.length, 'an attempt was made but not recorded')
    assert.equal(countById(receiver).size, count * conversations.length)
    for (const number of conversations) {
      const own = receiver.contents().filter((content) => content.startsWith(`${number} `))
      assert.deepEqual(
        [...new Set(own)],
        Array.from({ length: count }, (_, i) => `${number} ${i}`),
      )
      assert.deepEqual(
        own,
        own.toSorted((a, b) => Number(a.split(' ')[1]) - Number(b.split(' ')[1])),
      )
    }
  })

  it('take over from a node that has stopped, long before its leases end', async (t) => {
    const receiver = await startReceiver(async (response) => {
      if (receiver.received.length === 1) await once(response, 'close')
    })
    const test = await startWebhookApp({ grace: 0, timeout: 20_000 })
    t.after(() => test.close())
    const other = await startApp({ ...test.config, port: 0 }, callingWebhooks({ timeout: 20_000 }))
    t.after(() => other.close())
    const { id } = await addWebhook(test, receiver.url)
    // Until the first node, and not the other one, has claimed a delivery.
    await sendMessage(test, 'a')
    await eventually(() => receiver.received.length === 1)
    const own = test.app.database.nodes.id
    const [running] = await runningNodes(other)
    const [stopped, living] = running === own ? [test.app, other] : [other, test.app]
    const end = performance.now()
    await stopped.close()
    await eventually(() => receiver.received.length === 2)
    assert.ok(performance.now() - end < 5000)
    const { read } = living.database
    await eventually(async () => {
      const rows = await read.sql
        .selectFrom('deliveries')
        .select('state')
        .where('target_id', '=', id)
        .execute()
      return rows.every(({ state }) => state === 'succeeded')
    })
  })

  it('never send one delivery twice at the same time when a node loses its connection', async (t) => {
    let open = 0
    let most = 0
    let closed = 0
    let hangs = true
    const receiver = await startReceiver(async (response) => {
      open++
      most = Math.max(most, open)
      if (hangs) await once(response, 'close')
      open--
      if (!response.writableEnded && hangs) closed++
    })
    const test = await startWebhookApp({ timeout: 20_000 })
    t.after(() => test.close())
    const other = await startApp({ ...test.config, port: 0 }, callingWebhooks({ timeout: 20_000 }))
    t.after(() => other.close())
    const { id } = await addWebhook(test, receiver.url)
    await sendMessage(test, 'a')
    await eventually(() => receiver.received.length === 1)
    for (let round = 1; round <= 3; round++) {
      await terminateSessions(other)
      // Both nodes live, and have lost the connections that prove it.
      await eventually(() => closed === round)
      await eventually(() => receiver.received.length === round + 1)
    }
    hangs = false
    await terminateSessions(other)
    await eventually(() => allSucceeded(test, id, 1))
    assert.equal(most, 1)
  })
})

/** Returns the nodes for which deliveries are running. */
async function runningNodes({ database }: App): Promise<(number | null)[]> {
  const running = database.read.sql.selectFrom('deliveries').select('node').where('state', '=', 'running')
  return (await running.execute()).map(({ node }) => node)
}

/** Ends the sessions of all nodes, as a server does that restarts. */
async function terminateSessions({ database }: App): Promise<void> {
  const listeners = sql`select pg_terminate_backend(pid) from pg_stat_activity
    where application_name = 'ndoto listener' and datname = current_database()`
  await listeners.execute(database.read.sql)
}
