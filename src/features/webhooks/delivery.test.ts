import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import { after, afterEach, before, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { Webhook } from 'standardwebhooks'
import { assertRefused, sendMessage, type TestApp } from '../../../test/app.ts'
import { eventually } from '../../../test/eventually.ts'
import { addAccount, addTestConversation } from '../../../test/factories.ts'
import { listen, startTcpServer } from '../../../test/local-servers.ts'
import {
  addWebhook,
  deliveriesOf,
  removeWebhooks,
  startReceiver,
  startWebhookApp,
} from '../../../test/webhooks.ts'
import { version } from '../../version.ts'

let test: TestApp
before(async () => {
  test = await startWebhookApp()
})
after(() => test.close())
afterEach(() => removeWebhooks(test))

const statesOf = async (webhookId: number) => (await deliveriesOf(test, webhookId)).map(({ state }) => state)

describe('a delivery', () => {
  it('of message_created has the shape of the reference', async () => {
    const receiver = await startReceiver()
    await addWebhook(test, receiver.url)
    const content = 'Hi, where is my order?'
    const message = await sendMessage(test, content, { message_type: 'incoming', echo_id: 'e-1' })
    const { body, headers, text } = await eventually(() => receiver.received[0])
    const { created_at, updated_at, ...rest } = body
    assert.match(created_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
    assert.equal(Math.floor(Date.parse(created_at) / 1000), message.created_at)
    assert.equal(updated_at, created_at)
    assert.deepEqual(rest, {
      event: 'message_created',
      id: String(message.id),
      content,
      content_type: 'text',
      content_attributes: {},
      message_type: 'incoming',
      status: 'sent',
      private: false,
      echo_id: 'e-1',
      source_id: null,
      sender: { id: 1, name: 'Jane Doe', type: 'Contact', avatar_url: null },
      attachments: [],
      conversation: { id: 1, status: 'open', inbox_id: 1 },
      contact: { id: 1, name: 'Jane Doe', email: 'jane@example.com' },
      account: { id: 1, name: 'My company' },
      // Added to the reference.
      changed: [],
      actor: { type: 'contact', id: 1 },
      cause: null,
      before: {},
    })
    assert.equal(headers['content-type'], 'application/json')
    assert.equal(headers['user-agent'], `Ndoto/${version}`)
    assert.equal(headers['content-length'], String(Buffer.byteLength(text)))
    assert.match(headers['webhook-id'] as string, /^evt_1_\d+_\d+$/)
  })

  it('is signed as Standard Webhooks says, for the secret of its webhook only', async () => {
    const receiver = await startReceiver()
    const { secret } = await addWebhook(test, receiver.url)
    await sendMessage(test, 'Ünïcödé')
    const { headers, text, body } = await eventually(() => receiver.received[0])
    assert.deepEqual(new Webhook(secret).verify(text, headers as never), body)
    assert.throws(() => new Webhook(secret).verify(text.replace('sent', 'read'), headers as never))
    const other = await addWebhook(test, receiver.url)
    assert.throws(() => new Webhook(other.secret).verify(text, headers as never))
  })

  it('is made for subscribed events that happen after the webhook was created', async () => {
    const receiver = await startReceiver()
    await sendMessage(test, 'before')
    await addWebhook(test, receiver.url, ['contact_created', 'message_deleted'])
    const { id } = await sendMessage(test, 'not subscribed to')
    await test.api(`/conversations/1/messages/${id}`, { method: 'DELETE' })
    await test.api('/contacts', { method: 'POST', body: { name: 'Somebody' } })
    await eventually(() => receiver.received.length === 2)
    const events = receiver.received.map(({ body }) => body.event)
    assert.deepEqual(events, ['message_deleted', 'contact_created'])
  })

  it('is listed with its attempt', async () => {
    const start = Math.floor(Date.now() / 1000)
    const receiver = await startReceiver((response) => void response.writeHead(201).end('x'.repeat(2000)))
    const { id } = await addWebhook(test, receiver.url)
    await sendMessage(test, 'Hello')
    const [delivery] = await eventually(async () => {
      const all = await deliveriesOf(test, id)
      return all[0]?.state === 'succeeded' && all
    })
    const { id: deliveryId, created_at, attempts, ...rest } = delivery
    assert.ok(created_at >= start && deliveryId > 0)
    const event = { event: 'message_created', conversation_id: 1, webhook_id: id }
    assert.deepEqual(rest, { ...event, state: 'succeeded', next_attempt_at: null })
    assert.equal(attempts.length, 1)
    const { at, duration_ms, ...attempt } = attempts[0]
    assert.ok(at >= start && duration_ms >= 0)
    assert.deepEqual(attempt, { number: 1, code: 201, error: null, answer: 'x'.repeat(1024) })
    assert.equal(receiver.received[0]!.headers['webhook-id'], `evt_1_${deliveryId}_${id}`)
  })

  it('is not made for a webhook that is switched off or deleted', async () => {
    const [off, deleted, on] = [await startReceiver(), await startReceiver(), await startReceiver()]
    const hooks = [await addWebhook(test, off.url), await addWebhook(test, deleted.url)]
    await addWebhook(test, on.url)
    await test.api(`/webhooks/${hooks[0].id}`, { method: 'PATCH', body: { active: false } })
    await test.api(`/webhooks/${hooks[1].id}`, { method: 'DELETE' })
    await sendMessage(test, 'while it is off')
    await eventually(() => on.received.length === 1)
    await test.api(`/webhooks/${hooks[0].id}`, { method: 'PATCH', body: { active: true } })
    await sendMessage(test, 'while it is on')
    await eventually(() => off.received.length > 0 && on.received.length === 2)
    assert.deepEqual(off.contents(), ['while it is on'])
    assert.equal(deleted.received.length, 0)
  })

  it('never contains an event of another account', async () => {
    const [ours, theirs] = [await startReceiver(), await startReceiver()]
    const other = await addAccount(test)
    const base = `//api/v1/accounts/${other.accountId}`
    const { token } = other
    const subscriptions = ['message_created', 'contact_created']
    await addWebhook(test, ours.url, subscriptions)
    await test.api(`${base}/webhooks`, { token, method: 'POST', body: { url: theirs.url, subscriptions } })
    await test.api(`${base}/contacts`, { token, method: 'POST', body: { name: 'Theirs' } })
    await test.api('/contacts', { method: 'POST', body: { name: 'Ours' } })
    await sendMessage(test, 'Ours')
    await eventually(() => ours.received.length === 2 && theirs.received.length === 1)
    assert.equal(theirs.received[0]!.body.contact.name, 'Theirs')
    assert.doesNotMatch(JSON.stringify(ours.received), /Theirs/)
  })
})

describe('a delivery that fails', () => {
  it('is attempted again, with the same id and a new signature, until it succeeds', async () => {
    let failures = 3
    const receiver = await startReceiver((response) => {
      if (failures-- > 0) response.writeHead(500).end('no')
    })
    const { id, secret } = await addWebhook(test, receiver.url)
    await sendMessage(test, 'again and again')
    await eventually(async () => (await statesOf(id))[0] === 'succeeded')
    assert.equal(receiver.received.length, 4)
    assert.equal(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size, 1)
    for (const { headers, text } of receiver.received) new Webhook(secret).verify(text, headers as never)
    const [{ attempts }] = await deliveriesOf(test, id)
    assert.deepEqual(
      attempts.map(({ number, code, error, answer }: never) => ({ number, code, error, answer })),
      [
        ...[1, 2, 3].map((number) => ({ number, code: 500, error: 'status', answer: 'no' })),
        { number: 4, code: 204, error: null, answer: '' },
      ],
    )
  })

  it('is given up after the last attempt, stays in the list, and is followed by the next one', async () => {
    let isBroken = true
    const receiver = await startReceiver((response) => {
      if (isBroken) response.writeHead(503).end()
    })
    const { id } = await addWebhook(test, receiver.url)
    await sendMessage(test, 'first')
    await eventually(async () => (await statesOf(id))[0] === 'failed')
    const { body: metrics } = await test.api('//metrics', { token: null })
    assert.match(metrics, /^ndoto_webhook_deliveries_failed_total [1-9]/m)
    assert.equal(receiver.received.length, 8)
    isBroken = false
    await sendMessage(test, 'second')
    await eventually(async () => (await statesOf(id))[1] === 'succeeded')
    const [failed] = await deliveriesOf(test, id)
    assert.deepEqual([failed.state, failed.attempts.length, failed.next_attempt_at], ['failed', 8, null])
  })

  for (const [name, error, code, start] of [
    ['nothing listens there', 'refused', null, async () => 'http://127.0.0.1:9/'],
    [
      'the receiver redirects',
      'redirect',
      302,
      async () =>
        (
          await startReceiver(
            (response) => void response.writeHead(302, { location: 'http://127.0.0.1:9/' }).end(),
          )
        ).url,
    ],
    [
      'the response is not HTTP',
      'protocol',
      null,
      async () => (await startTcpServer('garbage\r\n\r\n', (socket) => socket.end())).url,
    ],
    [
      'the receiver closes the connection',
      'closed',
      null,
      async () => (await listen(createServer((socket) => socket.once('data', () => socket.destroy())))).url,
    ],
    ['the receiver is too slow', 'timeout', null, async () => (await listen(createServer(() => {}))).url],
    ['the host name has no address', 'dns', null, async () => 'http://nothing.invalid/'],
  ] as const) {
    it(`has the error "${error}" if ${name}`, async (t) => {
      const own = await startWebhookApp({ timeout: error === 'timeout' ? 100 : 5000, delays: [5] })
      t.after(() => own.close())
      const { id } = await addWebhook(own, await start())
      await sendMessage(own, 'Hello')
      const [{ attempts }] = await eventually(async () => {
        const all = await deliveriesOf(own, id)
        return all[0]?.state === 'failed' && all
      })
      assert.deepEqual(
        attempts.map((one: { code: number; error: string }) => [one.code, one.error]),
        [
          [code, error],
          [code, error],
        ],
      )
    })
  }

  it('is never sent to a name with a private address', async (t) => {
    const receiver = await startReceiver()
    const resolve = async () => [{ address: '127.0.0.1' }]
    const own = await startWebhookApp({ delays: [], resolve }, { NDOTO_WEBHOOK_ALLOW_PRIVATE: 'false' })
    t.after(() => own.close())
    const { id } = await addWebhook(own, `http://inside.example.com:${receiver.port}/`)
    await sendMessage(own, 'Hello')
    const [{ attempts }] = await eventually(async () => {
      const all = await deliveriesOf(own, id)
      return all[0]?.state === 'failed' && all
    })
    assert.equal(attempts[0].error, 'blocked')
    assert.equal(receiver.received.length, 0)
  })

  it('delays only events of the same conversation', async () => {
    let isBroken = true
    const receiver = await startReceiver((response, { body }) => {
      if (isBroken && body.conversation.id === 1) response.writeHead(500).end()
    })
    const other = await addTestConversation(test)
    const { id } = await addWebhook(test, receiver.url)
    for (const content of ['a', 'b', 'c']) await sendMessage(test, content)
    await eventually(() => receiver.received.length > 0)
    for (const content of ['d', 'e']) await sendMessage(test, content, {}, other)
    await eventually(() => receiver.contents().includes('e'))
    assert.deepEqual(new Set(receiver.contents()), new Set(['a', 'd', 'e']))
    isBroken = false
    await eventually(async () => (await statesOf(id)).every((state) => state === 'succeeded'))
    assert.deepEqual(receiver.contents().slice(-2), ['b', 'c'])
  })

  it('does not delay other webhooks', async (t) => {
    const own = await startWebhookApp({ timeout: 20_000, lease: 30_000, grace: 0 })
    t.after(() => own.close())
    const silent = await listen(createServer(() => {}))
    const receiver = await startReceiver()
    const failing = []
    for (let i = 0; i < 3; i++) failing.push(await addWebhook(own, silent.url))
    await addWebhook(own, receiver.url)
    const conversations = await Promise.all(Array.from({ length: 20 }, () => addTestConversation(own)))
    await Promise.all(conversations.map((number) => sendMessage(own, 'Hello', {}, number)))
    await eventually(() => receiver.received.length === 20)
    for (const { id } of failing) {
      const all = await deliveriesOf(own, id)
      assert.ok(all.some(({ state }) => state === 'running'))
      assert.ok(
        all.every(({ attempts }) => attempts.length === 0),
        'it waited for receivers that do not respond',
      )
    }
  })
})

describe('the order of a conversation', () => {
  it('is preserved when many events arrive at once and each takes a different time', async () => {
    const running = new Map<number, number>()
    let most = 0
    const receiver = await startReceiver(async (_, { body }) => {
      const { id } = body.conversation
      running.set(id, (running.get(id) ?? 0) + 1)
      most = Math.max(most, running.get(id)!)
      await sleep(Math.random() * 40)
      running.set(id, running.get(id)! - 1)
    })
    const conversations = [1, await addTestConversation(test), await addTestConversation(test)]
    await addWebhook(test, receiver.url)
    const count = 25
    for (let i = 0; i < count; i++) {
      await Promise.all(conversations.map((number) => sendMessage(test, `${number} ${i}`, {}, number)))
    }
    await eventually(() => receiver.received.length === count * conversations.length)
    for (const number of conversations) {
      const own = receiver.contents().filter((content) => content.startsWith(`${number} `))
      assert.deepEqual(
        own,
        Array.from({ length: count }, (_, i) => `${number} ${i}`),
      )
    }
    assert.equal(most, 1)
  })
})

describe('the list of deliveries', () => {
  it('is paged, newest first, and can be filtered by state', async () => {
    const receiver = await startReceiver()
    const { id } = await addWebhook(test, receiver.url)
    for (let i = 0; i < 5; i++) await sendMessage(test, `message ${i}`)
    await eventually(async () => {
      const states = await statesOf(id)
      return states.length === 5 && states.every((state) => state === 'succeeded')
    })
    const all = (await deliveriesOf(test, id)).map((one) => one.id).reverse()
    const page = async (query: string) => {
      const { payload, meta } = (await test.api(`/webhooks/${id}/deliveries?${query}`)).body
      return [payload.map((one: { id: number }) => one.id), meta.before_id]
    }
    assert.deepEqual(await page('limit=2'), [all.slice(0, 2), all[1]])
    assert.deepEqual(await page(`limit=2&before_id=${all[1]}`), [all.slice(2, 4), all[3]])
    assert.deepEqual(await page(`limit=2&before_id=${all[3]}`), [all.slice(4), null])
    assert.deepEqual(await page('limit=5'), [all, null])
    assert.deepEqual(await page('state=succeeded'), [all, null])
    assert.deepEqual(await page('state=failed'), [[], null])
    for (const query of ['limit=0', 'limit=101', 'before_id=x', 'state=lost']) {
      const response = await test.api(`/webhooks/${id}/deliveries?${query}`)
      assertRefused(response, 400, new RegExp(`^${query.split('=')[0]} must be`))
    }
  })
})
