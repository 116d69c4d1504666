import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { after, afterEach, before, describe, it } from 'node:test'
import { assertRefused, sendMessage, type TestApp } from '../../../test/app.ts'
import { eventually } from '../../../test/eventually.ts'
import {
  addWebhook,
  deliveriesOf,
  type ReceivedRequest,
  removeWebhooks,
  startReceiver,
  startWebhookApp,
} from '../../../test/webhooks.ts'

const day = 24 * 60 * 60 * 1000

let test: TestApp
/** How far the deliverer's clock is ahead, in milliseconds. */
let ahead = 0
before(async () => {
  test = await startWebhookApp({ now: () => Date.now() + ahead, delays: [50, 50, 50], pruneInterval: 50 })
})
after(() => test.close())
afterEach(async () => {
  await removeWebhooks(test)
  ahead = 0
})

const redeliver = (webhookId: number, id: number) =>
  test.api(`/webhooks/${webhookId}/deliveries/${id}/redeliver`, { method: 'POST' })

/** Waits until a webhook has `count` deliveries and all of them are finished, and returns them. */
async function untilFinished(webhookId: number, count = 1) {
  return eventually(async () => {
    const all = await deliveriesOf(test, webhookId)
    const isOver = all.every(({ state }) => state === 'succeeded' || state === 'failed')
    return all.length === count && isOver && all
  })
}

describe('a redelivery', () => {
  it('sends a delivery again that has succeeded or failed', async () => {
    let isBroken = true
    const receiver = await startReceiver((response) => {
      if (isBroken) response.writeHead(500).end()
    })
    const { id } = await addWebhook(test, receiver.url)
    await sendMessage(test, 'Hello')
    const [failed] = await untilFinished(id)
    assert.deepEqual([failed.state, failed.attempts.length], ['failed', 4])
    isBroken = false
    const response = await redeliver(id, failed.id)
    assert.equal(response.status, 202)
    assert.equal(response.body.state, 'pending')
    const [once] = await untilFinished(id)
    assert.deepEqual([once.state, once.attempts.length], ['succeeded', 5])
    await redeliver(id, failed.id)
    const [twice] = await untilFinished(id)
    assert.deepEqual(
      twice.attempts.map(({ number }: { number: number }) => number),
      [1, 2, 3, 4, 5, 6],
    )
    assert.equal(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size, 1)
  })

  it('is attempted as often as a new delivery', async () => {
    const receiver = await startReceiver((response) => void response.writeHead(500).end())
    const { id } = await addWebhook(test, receiver.url)
    await sendMessage(test, 'Hello')
    const [failed] = await untilFinished(id)
    await redeliver(id, failed.id)
    assert.equal((await untilFinished(id))[0].attempts.length, 8)
  })

  it('is attempted once if the webhook is switched off', async () => {
    let isBroken = true
    const receiver = await startReceiver((response) => {
      if (isBroken) response.writeHead(500).end()
    })
    const { id } = await addWebhook(test, receiver.url)
    await sendMessage(test, 'Hello')
    const [failed] = await untilFinished(id)
    await test.api(`/webhooks/${id}`, { method: 'PATCH', body: { active: false } })
    await redeliver(id, failed.id)
    const [again] = await untilFinished(id)
    assert.deepEqual([again.state, again.attempts.length], ['failed', 5])
    isBroken = false
    await redeliver(id, failed.id)
    assert.equal((await untilFinished(id))[0].state, 'succeeded')
  })

  it('is refused if there is no such delivery, or while it is being sent', async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const receiver = await startReceiver(() => promise)
    const { id } = await addWebhook(test, receiver.url)
    assertRefused(await redeliver(id, 999_999), 404, /^delivery not found$/)
    await sendMessage(test, 'Hello')
    const { headers } = await eventually(() => receiver.received[0])
    const deliveryId = Number((headers['webhook-id'] as string).split('_')[2])
    assertRefused(await redeliver(id, deliveryId), 409, /being sent/)
    const other = await addWebhook(test, receiver.url)
    assertRefused(await redeliver(other.id, deliveryId), 404, /^delivery not found$/)
    resolve()
    await untilFinished(id)
  })

  it('does not delay later events of the conversation', async () => {
    const receiver = await startReceiver((response, { body }) => {
      if (body.content === 'bad') response.writeHead(500).end()
    })
    const { id } = await addWebhook(test, receiver.url)
    await sendMessage(test, 'bad')
    const [bad] = await untilFinished(id)
    await redeliver(id, bad.id)
    await sendMessage(test, 'good')
    await eventually(() => receiver.contents().includes('good'))
    assert.equal((await untilFinished(id, 2))[1].state, 'succeeded')
  })
})

describe('a webhook that only fails', () => {
  it('is switched off after five days, says why, and can be switched on again', async () => {
    let isBroken = true
    const receiver = await startReceiver((response) => {
      if (isBroken) response.writeHead(410).end()
    })
    const { id } = await addWebhook(test, receiver.url)
    const current = async () => (await test.api(`/webhooks/${id}`)).body
    await sendMessage(test, 'first')
    await untilFinished(id)
    ahead = 4.9 * day
    await sendMessage(test, 'second')
    await untilFinished(id, 2)
    assert.equal((await current()).active, true)
    ahead = 5.1 * day
    await sendMessage(test, 'third')
    const off = await eventually(async () => {
      const webhook = await current()
      return !webhook.active && webhook
    })
    assert.equal(off.disabled_reason, 'Every delivery has failed for 5 days, the last one with "410".')
    await sendMessage(test, 'while it is off')
    isBroken = false
    const change = { method: 'PATCH', body: { active: true } }
    const on = (await test.api(`/webhooks/${id}`, change)).body
    assert.deepEqual([on.active, on.disabled_reason], [true, null])
    await sendMessage(test, 'on again')
    await eventually(() => receiver.contents().includes('on again'))
    await untilFinished(id, 4)
    assert.ok(!receiver.contents().includes('while it is off'))
    assert.equal(receiver.contents().at(-2), 'third', 'pending deliveries continue')
  })

  it('stays active if one delivery succeeds in between', async () => {
    let status = 500
    const receiver = await startReceiver((response) => void response.writeHead(status).end())
    const { id } = await addWebhook(test, receiver.url)
    for (const [count, [content, code, days]] of [
      ['first', 500, 0],
      ['second', 200, 3],
      ['third', 500, 5.1],
      ['fourth', 500, 6],
    ].entries() as IterableIterator<[number, [string, number, number]]>) {
      status = code
      ahead = days * day
      await sendMessage(test, content)
      await untilFinished(id, count + 1)
    }
    assert.equal((await test.api(`/webhooks/${id}`)).body.active, true)
  })
})

describe('a new secret', () => {
  it('signs together with the old one for 24 hours, and then alone', async () => {
    const receiver = await startReceiver()
    const { id, secret: old } = await addWebhook(test, receiver.url)
    const { secret } = (await test.api(`/webhooks/${id}/rotate_secret`, { method: 'POST' })).body
    const signers = async (content: string) => {
      await sendMessage(test, content)
      const one = await eventually(() => receiver.received.find(({ body }) => body.content === content))
      return one.headers['webhook-signature'] === [secret, old].map((key) => signature(key, one)).join(' ')
        ? 'both'
        : one.headers['webhook-signature'] === signature(secret, one) && 'new'
    }
    assert.equal(await signers('at once'), 'both')
    ahead = 0.99 * day
    assert.equal(await signers('after a while'), 'both')
    ahead = 1.01 * day
    assert.equal(await signers('after a day'), 'new')
  })
})

function signature(secret: string, { headers, text }: ReceivedRequest): string {
  const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${text}`
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64')
  return `v1,${createHmac('sha256', key).update(signed).digest('base64')}`
}

describe('deliveries of data that no longer exists', () => {
  it('do not contain the content of a message that was deleted before the retry', async () => {
    let isBroken = true
    const receiver = await startReceiver((response) => {
      if (isBroken) response.writeHead(500).end()
    })
    const { id } = await addWebhook(test, receiver.url, ['message_created', 'message_deleted'])
    const secret = 'my card is 4111 1111'
    const message = await sendMessage(test, secret)
    await eventually(() => receiver.received.length > 0)
    const change = (active: boolean) => test.api(`/webhooks/${id}`, { method: 'PATCH', body: { active } })
    await change(false)
    await eventually(async () => (await deliveriesOf(test, id))[0].state !== 'running')
    await test.api(`/conversations/1/messages/${message.id}`, { method: 'DELETE' })
    const before = receiver.received.length
    isBroken = false
    await change(true)
    const [delivery] = await untilFinished(id)
    if (receiver.received.length === before) await redeliver(id, delivery.id)
    await eventually(() => receiver.received.length > before)
    const late = receiver.received.slice(before)
    assert.deepEqual(
      late.map(({ body }) => [body.event, body.content]),
      [['message_created', null]],
    )
    assert.doesNotMatch(JSON.stringify(late), /4111 1111/)
  })

  it('fail if the event is no longer in the log, and do not block the next one', async () => {
    const receiver = await startReceiver((response) => void response.writeHead(500).end())
    const { id } = await addWebhook(test, receiver.url)
    await sendMessage(test, 'lost')
    await sendMessage(test, 'behind it')
    await eventually(() => receiver.received.length > 0)
    const [delivery] = await deliveriesOf(test, id)
    await test.app.database.transaction(1, (tx) =>
      tx.sql.deleteFrom('events').where('account_id', '=', 1).where('position', '=', delivery.id).execute(),
    )
    const [lost] = await untilFinished(id, 2)
    assert.deepEqual([lost.state, lost.attempts.at(-1).error], ['failed', 'gone'])
    assert.ok(receiver.contents().includes('behind it'))
  })

  it('are removed after 30 days, unless they are still being sent', async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const receiver = await startReceiver((_, { body }) => (body.content === 'slow' ? promise : undefined))
    const { id } = await addWebhook(test, receiver.url)
    const other = await addWebhook(test, 'http://127.0.0.1:9/')
    await sendMessage(test, 'old')
    await untilFinished(id)
    await sendMessage(test, 'slow')
    await eventually(() => receiver.contents().includes('slow'))
    await untilFinished(other.id, 2)
    ahead = 29 * day
    await new Promise((done) => setTimeout(done, 150))
    assert.equal((await deliveriesOf(test, id)).length, 2)
    ahead = 31 * day
    const [rest, ...more] = await eventually(async () => {
      const all = await deliveriesOf(test, id)
      return all.length < 2 && all
    })
    assert.deepEqual([rest.state, more.length], ['running', 0])
    await eventually(async () => (await deliveriesOf(test, other.id)).length === 0)
    const attempts = await test.app.database.read.sql
      .selectFrom('delivery_attempts')
      .select('position')
      .where('target_id', 'in', [id, other.id])
      .execute()
    assert.deepEqual(attempts, [])
    resolve()
  })
})
