import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { sendMessage, startTestApp, type TestApp } from '../../../test/app.ts'
import { eventually } from '../../../test/eventually.ts'
import { startHttpServer } from '../../../test/local-servers.ts'
import { startTcpProxy, type TcpProxy } from '../../../test/tcp-proxy.ts'
import { openInbox } from '../src/customer.ts'
import { createNdoto, type Ndoto, type StreamOptions } from '../src/ndoto.ts'

describe('An event stream of the SDK', () => {
  let test: TestApp
  let proxy: TcpProxy
  let ndoto: Ndoto
  before(async () => {
    test = await startTestApp({}, { intervals: { heartbeat: 100 } })
    // Closed below: a hook cannot register another one.
    proxy = await startTcpProxy({ after: () => {} }, test.app.url)
    ndoto = clientAt(proxy.url)
  })
  after(async () => {
    await proxy.close()
    await test.close()
  })
  const clientAt = (url: string, token = test.token) =>
    createNdoto({ url: url.replace(/\/$/, ''), token, pause: 5 })

  /** Collects the contents of messages in the background. */
  const follow = (options: StreamOptions = {}) => {
    const controller = new AbortController()
    const contents: (string | null)[] = []
    const connections: boolean[] = []
    const stream = ndoto.events.stream({
      ...options,
      signal: controller.signal,
      onConnection: (isConnected) => connections.push(isConnected),
    })
    const run = async () => {
      for await (const event of stream) {
        if (event.event === 'message_created') contents.push(event.content)
        if (event.event === 'reset') contents.push('reset')
      }
    }
    const ended = run()
    return { stream, contents, connections, ended, stop: () => controller.abort() }
  }

  it('has each event once and in order, although its connection is cut again and again', async () => {
    const { contents, connections, ended, stop } = follow()
    await eventually(() => connections.length > 0)
    const sent: string[] = []
    for (let index = 0; index < 100; index++) {
      sent.push((await sendMessage(test, `${index}`)).content)
      if (index % 9 === 0) proxy.cut()
    }
    await eventually(() => contents.length >= 100)
    await sleep(50)
    assert.deepEqual(contents, sent)
    assert.ok(connections.filter((isConnected) => isConnected).length > 3)
    stop()
    await ended
    assert.equal(connections.at(-1), false)
  })

  it('continues in another process with the cursor of the event that was handled last', async () => {
    const first = ndoto.events.stream({ events: ['message_created'], after: 0 })
    const handled: number[] = []
    for await (const event of first) {
      if (event.event === 'message_created') handled.push(event.id)
      if (handled.length === 3) break
    }
    const second = ndoto.events.stream({ events: ['message_created'], after: first.cursor })
    for await (const event of second) {
      if (event.event === 'message_created') handled.push(event.id)
      if (handled.length === 6) break
    }
    const all = await test.api('/events?after=0&events=message_created&limit=6', {
      headers: { accept: 'application/json' },
    })
    assert.deepEqual(
      handled,
      all.body.payload.map(({ id }: { id: number }) => id),
    )
  })

  it('says that events are missing', async () => {
    const { contents, ended, stop } = follow({ after: 1_000_000 })
    await eventually(() => contents.length === 1)
    await sendMessage(test, 'after the reset')
    await eventually(() => contents.length === 2)
    assert.deepEqual(contents, ['reset', 'after the reset'])
    stop()
    await ended
  })

  it('has signals, only the events that it asks for, and leaves nothing open when the loop ends', async () => {
    await eventually(() => proxy.count() === 0)
    const received: string[] = []
    const stream = ndoto.events.stream({ events: ['typing'], conversation_id: 1 })
    const typing = eventually(async () => {
      await test.api('/conversations/1/toggle_typing_status', {
        method: 'POST',
        body: { typing_status: 'on' },
      })
      await sendMessage(test, 'not asked for')
      return received.length > 0
    })
    for await (const event of stream) {
      received.push(event.event)
      break
    }
    await typing
    assert.deepEqual(received, ['typing'])
    await eventually(() => proxy.count() === 0)
  })

  it('reconnects if the network swallows everything, and not while its reader takes long', async () => {
    const { contents, connections, ended, stop } = follow({ silence: 400 })
    await eventually(() => connections.length === 1)
    proxy.strand()
    await eventually(() => connections.length >= 3)
    await sendMessage(test, 'found again')
    await eventually(() => contents.includes('found again'))
    stop()
    await ended
    const changes: boolean[] = []
    const options = { silence: 50, after: 0, onConnection: (is: boolean) => void changes.push(is) }
    let count = 0
    for await (const _ of ndoto.events.stream(options)) {
      await sleep(100)
      if (++count === 3) break
    }
    assert.deepEqual(changes, [true, false])
  })

  it('ends with an error if the server refuses it for good, with that of the caller, and waits as told', async () => {
    const refused = clientAt(test.app.url, 'x'.repeat(30)).events.stream()
    await assert.rejects(refused[Symbol.asyncIterator]().next(), { status: 401, code: 'unauthenticated' })
    const failing = async () => {
      for await (const { event } of ndoto.events.stream({ after: 0 })) throw new Error(`no ${event} today`)
    }
    await assert.rejects(failing, /^Error: no \w+ today$/)
    const busy = await startHttpServer((_, response) => {
      if (busy.seen.length === 1) response.writeHead(429, { 'retry-after': '1' }).end()
      else response.writeHead(404).end()
    })
    const start = performance.now()
    const ended = clientAt(busy.url).events.stream()[Symbol.asyncIterator]().next()
    await assert.rejects(ended, { status: 404 })
    assert.ok(performance.now() - start > 990)
  })

  it('follows the conversations of a customer', async () => {
    const { body } = await test.api('/inboxes/1')
    const inbox = openInbox({ url: test.app.url, inbox: body.inbox_identifier })
    const { source_id } = await inbox.createContact({ name: 'Ada' })
    const ada = inbox.customer(source_id!)
    const { id } = await ada.conversations.create()
    await ada.messages.send(id, { content: 'Hello?' })
    const answer = sendMessage(test, 'Hello Ada', {}, id)
    const stream = ada.events.stream({ after: 0 })
    for await (const event of stream) {
      if (event.event === 'message_created' && event.content === 'Hello Ada') break
    }
    assert.equal((await answer).content, 'Hello Ada')
    assert.ok(Number(stream.cursor) > 0)
  })
})
