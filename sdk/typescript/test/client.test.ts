import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { startTestApp, type TestApp } from '../../../test/app.ts'
import { addAccount } from '../../../test/factories.ts'
import { startHttpServer } from '../../../test/local-servers.ts'
import { freePort } from '../../../test/process.ts'
import { openInbox } from '../src/customer.ts'
import { createNdoto, type Ndoto, NdotoError } from '../src/ndoto.ts'
import { startLossyProxy } from './lossy-proxy.ts'

const outgoing = (content: string) => ({ content, message_type: 'outgoing' }) as const

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}

describe('The SDK', () => {
  let test: TestApp
  let ndoto: Ndoto
  before(async () => {
    test = await startTestApp()
    ndoto = createNdoto({ url: `${test.app.url}/`, token: test.token })
  })
  after(() => test.close())
  const clientAt = (url: string, more: object = {}) =>
    createNdoto({ url, token: test.token, pause: 1, ...more })
  const assertError = (call: Promise<unknown>, expected: Partial<NdotoError>) =>
    assert.rejects(call, (error) => {
      assert.ok(error instanceof NdotoError, String(error))
      assert.deepEqual(
        Object.fromEntries(Object.keys(expected).map((key) => [key, error[key as keyof NdotoError]])),
        expected,
      )
      return true
    })

  it('creates, reads, changes and deletes', async () => {
    const label = await ndoto.labels.create({ title: 'delivery' })
    assert.deepEqual(await ndoto.labels.list(), [label])
    const changed = await ndoto.labels.update(label.id, { description: 'Late parcels' })
    assert.deepEqual(await ndoto.labels.get(label.id), changed)
    assert.deepEqual(await ndoto.conversations.setLabels(1, { labels: ['delivery'] }), {
      payload: ['delivery'],
    })
    assert.deepEqual(await ndoto.conversations.labels(1), ['delivery'])
    await ndoto.labels.delete(label.id)
    await assertError(ndoto.labels.get(label.id), { status: 404, code: 'not_found' })
    assert.equal((await ndoto.profile.get()).id, 1)
    assert.equal((await ndoto.conversations.toggleStatus(1)).status, 'resolved')
    assert.equal((await ndoto.conversations.update(1, { status: 'open' })).status, 'open')
  })

  it('reads lists page by page, in their order, each item once', async () => {
    const names = Array.from({ length: 60 }, (_, index) => `Contact ${index}`)
    for (const name of names) {
      const contact = await ndoto.contacts.create({ name })
      await ndoto.conversations.create({ inbox_id: 1, contact_id: contact.id })
    }
    const contacts = await collect(ndoto.contacts.list({ sort: 'name' }))
    assert.equal(contacts.length, 61)
    assert.equal(new Set(contacts.map(({ id }) => id)).size, 61)
    const found = await collect(ndoto.contacts.search({ q: 'Contact 5' }))
    assert.ok(found.length >= 11 && found.every(({ name }) => name.startsWith('Contact 5')))
    const conversations = await collect(ndoto.conversations.list())
    assert.deepEqual(
      conversations.slice(0, 60).map(({ contact }) => contact.name),
      names.toReversed(),
    )
    assert.equal((await ndoto.conversations.list().first()).data.meta.all_count, 61)
    const sizes = (await collect(ndoto.conversations.list().pages())).map(({ data }) => data.payload.length)
    assert.deepEqual(sizes, [25, 25, 11])
    const own = await collect(ndoto.contacts.conversations(contacts.at(-1)!.id))
    assert.equal(own.length, 1)
  })

  it('filters contacts in an order, page by page', async () => {
    const payload = [
      { attribute_key: 'name', filter_operator: 'starts_with' as const, values: ['Contact 1'] },
      { attribute_key: 'name', filter_operator: 'starts_with' as const, values: ['Contact 2'] },
      { attribute_key: 'name', filter_operator: 'starts_with' as const, values: ['Contact 3'] },
    ].map((one) => ({ ...one, query_operator: 'OR' as const }))
    const names: string[] = []
    let next: string | null | undefined
    do {
      const cursor = next ? { cursor: next } : {}
      const page = await ndoto.contacts.filter({ payload, sort: '-name', ...cursor })
      names.push(...page.payload.map(({ name }) => name))
      next = page.meta.next
    } while (next)
    assert.equal(names.length, 33)
    assert.deepEqual(names, names.toSorted().toReversed())
    const { payload: all, meta } = await ndoto.conversations.filter({
      payload: [{ attribute_key: 'status', filter_operator: 'equal_to', values: ['open'] }],
    })
    const { payload: later } = await ndoto.conversations.filter({
      payload: [{ attribute_key: 'status', filter_operator: 'equal_to', values: ['open'] }],
      before_id: meta.before_id!,
    })
    assert.ok(all.length > 0 && later.length > 0)
    assert.equal(new Set([...all, ...later].map(({ id }) => id)).size, all.length + later.length)
  })

  it('reads messages from the newest to the oldest, or from one of them to the newest', async () => {
    for (let index = 0; index < 7; index++) await ndoto.messages.send(2, outgoing(`Message ${index}`))
    const contents = async (query: object) =>
      (await collect(ndoto.messages.list(2, query))).map(({ content }) => content!.slice(-1)).join('')
    assert.equal(await contents({}), '6543210')
    assert.equal(await contents({ limit: 2 }), '6543210')
    assert.equal(await contents({ limit: 2, after_id: 0 }), '0123456')
    assert.equal(await contents({ limit: 3, after_id: 0 }), '0123456')
    const first = await ndoto.messages.list(2, { limit: 2 }).first()
    assert.deepEqual(await contents({ limit: 2, before_id: first.payload[1]!.id }), '543210')
  })

  it('reads the log of events up to now', async () => {
    const events = await collect(ndoto.events.list({ after: 0, limit: 50 }))
    const created = events.filter(({ event }) => event === 'message_created')
    assert.ok(created.length >= 7 && events.length > 100)
  })

  it('throws what the server says is wrong, with the fields and the request', async () => {
    await assertError(ndoto.contacts.create({ name: 'Jane', email: 'jane' }), {
      status: 422,
      code: 'invalid',
      message: 'email must look like name@example.com',
      fields: [{ field: 'email', message: 'must look like name@example.com', code: 'wrong_format' }],
    })
    const error = await ndoto.labels.get(999).catch((reason) => reason)
    assert.match(error.requestId, /^[\w-]{36}$/)
    assert.equal(error.name, 'NdotoError')
    await assertError(clientAt(test.app.url, { token: 'x'.repeat(30) }).labels.list(), {
      status: 401,
      code: 'unauthenticated',
    })
    const { accountId } = await addAccount(test)
    await assertError(clientAt(test.app.url, { account: accountId }).labels.list(), { code: 'forbidden' })
  })

  it('stores 1,000 messages once and in order, although 30% of the responses and some requests are lost', async () => {
    const proxy = await startLossyProxy(test.app.url, { requests: 0.05, responses: 0.3 })
    const client = clientAt(proxy.url, { retries: 50 })
    const sent = Array.from({ length: 250 }, (_, index) => `${index}`)
    const sendAll = async () => {
      const { id } = await ndoto.conversations.create({ inbox_id: 1, contact_id: 1 })
      const ids: number[] = []
      for (const content of sent) ids.push((await client.messages.send(id, outgoing(content))).id)
      const stored = await collect(ndoto.messages.list(id, { after_id: 0 }))
      assert.deepEqual(
        stored.map(({ content }) => content),
        sent,
      )
      assert.deepEqual(
        stored.map((message) => message.id),
        ids,
      )
    }
    await Promise.all([sendAll(), sendAll(), sendAll(), sendAll()])
    assert.ok(proxy.lost.responses > 250 && proxy.lost.requests > 30, JSON.stringify(proxy.lost))
  })

  it('stores messages once that are sent at the same time through such a network, also those of a customer', async () => {
    const proxy = await startLossyProxy(test.app.url, { requests: 0.05, responses: 0.3 })
    const inbox = openInbox({
      url: proxy.url,
      inbox: (await ndoto.inboxes.get(1)).inbox_identifier!,
      pause: 1,
      retries: 50,
    })
    const direct = openInbox({ url: test.app.url, inbox: (await ndoto.inboxes.get(1)).inbox_identifier! })
    const { source_id } = await direct.createContact({ name: 'Ada' })
    const { id } = await direct.customer(source_id!).conversations.create()
    const ada = inbox.customer(source_id!)
    const contents = Array.from({ length: 100 }, (_, index) => `${index}`)
    await Promise.all(contents.map((content) => ada.messages.send(id, { content })))
    const stored = (await collect(ada.messages.list(id, { limit: 30 }))).map(({ content }) => content)
    assert.deepEqual(stored.toSorted(), contents.toSorted())
    assert.equal((await ada.get()).name, 'Ada')
    assert.equal((await ada.conversations.list()).length, 1)
  })

  it('has deleted what it deletes, although the response was lost', async () => {
    const proxy = await startLossyProxy(test.app.url, { responses: 0.7 })
    const client = clientAt(proxy.url, { retries: 50 })
    for (let index = 0; index < 10; index++) {
      const { id } = await ndoto.labels.create({ title: `deleted-${index}` })
      await client.labels.delete(id)
    }
    assert.ok(proxy.lost.responses > 5)
    assert.deepEqual(await ndoto.labels.list(), [])
    await assertError(clientAt(test.app.url).labels.delete(999), { status: 404 })
  })

  it('never repeats what could be done twice', async () => {
    const proxy = await startLossyProxy(test.app.url, { responses: 1 })
    const client = clientAt(proxy.url)
    await assertError(client.labels.create({ title: 'once' }), { status: 0, code: 'no_response' })
    await assertError(client.conversations.toggleStatus(1), { status: 0 })
    await assertError(client.profile.update({ name: 'Administrator' }), { status: 0 })
    assert.equal(proxy.lost.responses, 3)
    assert.deepEqual(
      (await ndoto.labels.list()).map(({ title }) => title),
      ['once'],
    )
  })

  it('repeats everything that the server has refused to begin, after as long as it says', async () => {
    const times: number[] = []
    const server = await startHttpServer((_, response) => {
      times.push(performance.now())
      if (times.length === 1) response.writeHead(429, { 'retry-after': '1' }).end()
      else response.writeHead(201).end('{"id":1}')
    })
    assert.deepEqual(await clientAt(server.url).labels.create({ title: 'later' }), { id: 1 } as never)
    assert.ok(times[1]! - times[0]! >= 990)
    assert.equal(server.seen[0]!.body, server.seen[1]!.body)
  })

  it('does not wait for a limit that lasts for hours, or more often than it may', async () => {
    let status = 429
    const server = await startHttpServer((_, response) =>
      response.writeHead(status, status === 429 ? { 'retry-after': '3600' } : {}).end('<h1>Bad gateway</h1>'),
    )
    await assertError(clientAt(server.url).labels.list(), { status: 429, retryAfter: 3600, code: 'unknown' })
    assert.equal(server.seen.length, 1)
    status = 502
    await assertError(clientAt(server.url, { retries: 3 }).labels.list(), { status: 502, code: 'unknown' })
    assert.equal(server.seen.length, 5)
    await assertError(clientAt(server.url).labels.list({ retries: 0 }), { status: 502 })
    await assertError(clientAt(server.url).labels.create({ title: 'x' }), { status: 502 })
    assert.equal(server.seen.length, 7)
    status = 200
    await assertError(clientAt(server.url, { retries: 1 }).labels.list(), { status: 0, code: 'no_response' })
  })

  it('does not follow a redirection that would turn a change into something else', async () => {
    const server = await startHttpServer(({ method, url }, response) => {
      if (url!.startsWith('/elsewhere')) response.end('{"payload":[]}')
      else response.writeHead(method === 'GET' ? 308 : 301, { location: '/elsewhere' }).end()
    })
    await assertError(clientAt(server.url).labels.create({ title: 'x' }), { status: 301, code: 'unknown' })
    await assertError(clientAt(server.url).messages.send(1, outgoing('x')), { status: 301, code: 'unknown' })
    assert.equal(server.seen.length, 2)
    assert.deepEqual(await clientAt(server.url).labels.list(), [])
  })

  it('reads a large response for as long as it arrives', async () => {
    const server = await startHttpServer(async (_, response) => {
      response.write('{"payload":["')
      for (let piece = 0; piece < 8; piece++) {
        await sleep(200)
        response.write('ü')
      }
      response.end('"]}')
    })
    const labels = await clientAt(server.url, { timeout: 1000, retries: 0 }).labels.list()
    assert.deepEqual(labels as unknown, ['üüüüüüüü'])
  })

  it('repeats the same message with the same key, also in another process', async () => {
    const server = await startHttpServer((_, response) => response.writeHead(503).end())
    await assertError(clientAt(server.url, { retries: 2 }).messages.send(1, outgoing('x')), { status: 503 })
    const keys = server.seen.map(({ request }) => request.headers['idempotency-key'])
    assert.match(String(keys[0]), /^[0-9a-f]{32}$/)
    assert.deepEqual(new Set(keys).size, 1)
    const send = () => clientAt(test.app.url).messages.send(1, outgoing('y'), { idempotencyKey: 'order-1' })
    assert.equal((await send()).id, (await send()).id)
  })

  it('ends a call by its signal, also while it waits, and a silent one after a while', async () => {
    const server = await startHttpServer(() => {})
    const reason = new Error('The user has closed the page.')
    const controller = new AbortController()
    const call = clientAt(server.url).labels.list({ signal: controller.signal })
    await sleep(50)
    controller.abort(reason)
    await assert.rejects(call, reason)
    await assert.rejects(clientAt(server.url).labels.list({ signal: AbortSignal.abort(reason) }), reason)
    assert.equal(server.seen.length, 1)
    await assertError(clientAt(server.url, { timeout: 50, retries: 0 }).labels.list(), {
      status: 0,
      message: 'Nothing has happened for 0.05 seconds.',
    })
    const refusing = clientAt(`http://127.0.0.1:${await freePort()}`, { pause: 100_000 })
    const waiting = refusing.labels.create({ title: 'x' }, { signal: AbortSignal.timeout(100) })
    await assert.rejects(waiting, { name: 'TimeoutError' })
  })
})
