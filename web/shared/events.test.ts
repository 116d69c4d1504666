import assert from 'node:assert/strict'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { after, afterEach, before, describe, it } from 'node:test'
import { sendMessage, startTestApp, type TestApp } from '../../test/app.ts'
import { eventually } from '../../test/eventually.ts'
import { startHttpServer } from '../../test/local-servers.ts'
import { type Options, type Subscription, subscribe } from './events.ts'

const open: Subscription[] = []
afterEach(() => {
  for (const subscription of open.splice(0)) subscription.close()
})

/** A subscription that notes what happens on it, and is closed after the test. */
function note(options: Options) {
  const events: { id: string | undefined; name: string; data: unknown }[] = []
  const noted = { events, resets: 0, connections: [] as boolean[], refused: [] as unknown[] }
  const subscription = subscribe(
    { pause: 5, longestPause: 20, ...options },
    {
      onEvent: (event) => void events.push(event),
      onReset: () => {
        noted.resets += 1
      },
      onConnection: (isConnected) => void noted.connections.push(isConnected),
      onRefused: (status, code) => void noted.refused.push(status, code),
    },
  )
  open.push(subscription)
  return Object.assign(noted, { subscription })
}

const stream = (response: ServerResponse, text: string) =>
  response.writeHead(200, { 'content-type': 'text/event-stream' }).write(text)
const event = (id: number) => `id: ${id}\nevent: e\ndata: ${id}\n\n`

describe('a subscription', () => {
  /** Answers the first request with the first of `answers`, and so on; the last one again and again. */
  async function server(...answers: ((response: ServerResponse, request: IncomingMessage) => void)[]) {
    let turn = 0
    return startHttpServer((request, response) => {
      answers[Math.min(turn++, answers.length - 1)]!(response, request)
    })
  }

  it('resumes after the last id where it is cut off, and gives nothing twice', async () => {
    const { url, seen } = await server(
      (response) => {
        stream(response, `id: 4\n\n${event(5)}${event(6)}`)
        setTimeout(() => response.destroy(), 20)
      },
      // A server that gives too much: what is known already is left out.
      (response) => stream(response, `${event(5)}${event(6)}${event(7)}`),
    )
    const noted = note({ url })
    await eventually(() => noted.events.length === 3)
    assert.deepEqual(
      noted.events.map(({ id, name, data }) => [id, name, data]),
      [
        ['5', 'e', 5],
        ['6', 'e', 6],
        ['7', 'e', 7],
      ],
    )
    assert.deepEqual(
      seen.map(({ request }) => request.headers['last-event-id']),
      [undefined, '6'],
    )
    assert.deepEqual(noted.connections, [true, false, true])
    assert.equal(noted.subscription.cursor, '7')
    noted.subscription.close()
  })

  it('resumes where it began when nothing has happened yet', async () => {
    const { url, seen } = await server(
      (response) => {
        stream(response, 'id: 41\n\n')
        setTimeout(() => response.destroy(), 10)
      },
      (response) => stream(response, event(42)),
    )
    const noted = note({ url })
    await eventually(() => noted.events.length === 1)
    assert.equal(seen[1]!.request.headers['last-event-id'], '41')
    noted.subscription.close()
  })

  it('takes a connection for dead that says nothing, and a heartbeat for a sign of life', async () => {
    const { url, seen } = await server(
      (response) => stream(response, 'id: 1\n\n'),
      (response) => {
        stream(response, 'id: 1\n\n')
        const beat = setInterval(() => response.write(':\n\n'), 20)
        response.on('close', () => clearInterval(beat))
      },
    )
    const noted = note({ url, silence: 1000 })
    await eventually(() => seen.length === 2)
    await new Promise((resolve) => setTimeout(resolve, 2000))
    assert.equal(seen.length, 2)
    noted.subscription.close()
  })

  it('reconnects at once when it is woken, instead of at the end of a pause', async () => {
    const { url, seen } = await server(
      (response) => void response.writeHead(503).end(),
      (response) => stream(response, event(1)),
    )
    const noted = note({ url, pause: 60_000, longestPause: 60_000 })
    await eventually(() => seen.length === 1)
    await eventually(() => {
      noted.subscription.wake()
      return noted.events.length === 1
    })
    assert.equal(seen.length, 2)
  })

  it('notices when it is woken that a connection has been dead since before', async (t) => {
    const { url, seen } = await server((response) => stream(response, 'id: 1\n\n'))
    const noted = note({ url, silence: 60_000 })
    await eventually(() => noted.connections.length === 1)
    noted.subscription.wake()
    const now = Date.now()
    t.mock.method(Date, 'now', () => now + 31_000)
    noted.subscription.wake()
    await eventually(() => noted.connections.length === 3)
    assert.deepEqual(noted.connections, [true, false, true])
    assert.equal(seen.length, 2)
  })

  it('takes a connection for alive that has said something while the page slept', async () => {
    const { url, seen } = await server((response) => {
      stream(response, 'id: 1\n\n')
      const beat = setInterval(() => response.write(':\n\n'), 20)
      response.on('close', () => clearInterval(beat))
    })
    const noted = note({ url, silence: 400 })
    await eventually(() => noted.subscription.cursor === '1')
    for (const end = performance.now() + 700; performance.now() < end; ) {
      // Nothing else gets a turn.
    }
    await new Promise((resolve) => setTimeout(resolve, 50))
    assert.equal(seen.length, 1)
    assert.deepEqual(noted.connections, [true])
  })

  it('starts over at a reset, also backwards', async () => {
    const { url } = await server((response) =>
      stream(response, `id: 9\n\nid: 3\nevent: reset\ndata: {"event":"reset"}\n\n${event(4)}`),
    )
    const noted = note({ url })
    await eventually(() => noted.events.length === 1)
    assert.equal(noted.resets, 1)
    assert.deepEqual(noted.events[0]!.id, '4')
    noted.subscription.close()
  })

  it('gives what has no id each time', async () => {
    const { url } = await server((response) =>
      stream(response, `id: 9\n\n${'event: typing\ndata: {}\n\n'.repeat(2)}`),
    )
    const noted = note({ url })
    await eventually(() => noted.events.length === 2)
    assert.deepEqual(noted.events[1], { id: undefined, name: 'typing', data: {} })
    assert.equal(noted.subscription.cursor, '9')
    noted.subscription.close()
  })

  for (const status of [400, 401, 403, 404]) {
    it(`ends with a refusal that stays: ${status}`, async () => {
      const { url, seen } = await server((response) => response.writeHead(status).end())
      const noted = note({ url })
      await eventually(() => noted.refused.length === 2)
      await new Promise((resolve) => setTimeout(resolve, 60))
      assert.deepEqual(noted.refused, [status, undefined])
      assert.equal(seen.length, 1)
    })
  }

  for (const status of [408, 429, 500, 503]) {
    it(`tries again after ${status}`, async () => {
      const { url } = await server(
        (response) => response.writeHead(status).end(),
        (response) => stream(response, event(1)),
      )
      const noted = note({ url })
      await eventually(() => noted.events.length === 1)
      assert.deepEqual(noted.refused, [])
      noted.subscription.close()
    })
  }

  it('waits as long as Retry-After says', async () => {
    const { url } = await server(
      (response) => response.writeHead(429, { 'retry-after': '1' }).end(),
      (response) => stream(response, event(1)),
    )
    const start = performance.now()
    const noted = note({ url })
    await eventually(() => noted.events.length === 1)
    assert.ok(performance.now() - start >= 1000)
    noted.subscription.close()
  })

  it('waits longer from try to try', async () => {
    const times: number[] = []
    const { url } = await server((response) => {
      times.push(performance.now())
      response.destroy()
    })
    const noted = note({ url, pause: 40, longestPause: 10_000 })
    await eventually(() => times.length === 5)
    noted.subscription.close()
    const pauses = times.slice(1).map((time, index) => time - times[index]!)
    // At least half of 40, 80, 160, 320.
    for (const [index, pause] of pauses.entries()) assert.ok(pause >= 20 * 2 ** index - 5, `${pauses}`)
  })

  it('says nothing any more once it is closed', async () => {
    const { url, seen } = await server((response) => stream(response, event(1)))
    const noted = note({ url })
    await eventually(() => noted.events.length === 1)
    noted.subscription.close()
    await new Promise((resolve) => setTimeout(resolve, 60))
    assert.equal(seen.length, 1)
    assert.equal(noted.events.length, 1)
  })
})

describe('a subscription to a server', () => {
  let test: TestApp
  before(async () => {
    test = await startTestApp()
  })
  after(() => test.close())
  const url = () => `${test.app.url}/api/v1/accounts/1/events?events=message_created`

  it('hears what happens, through a break too', async () => {
    const noted = note({ url: url(), token: test.token })
    await eventually(() => noted.subscription.cursor !== undefined)
    const contents = () => noted.events.map(({ data }) => (data as { content: string }).content)
    await sendMessage(test, 'one')
    await eventually(() => contents().includes('one'))
    test.app.server.server.closeAllConnections()
    await sendMessage(test, 'two')
    await eventually(() => contents().includes('two'))
    assert.deepEqual(contents().slice(-2), ['one', 'two'])
    noted.subscription.close()
  })

  it('is refused without a token that is good', async () => {
    const noted = note({ url: url(), token: 'nonsense' })
    await eventually(() => noted.refused.length === 2)
    assert.deepEqual(noted.refused, [401, 'unauthenticated'])
  })
})
