import assert from 'node:assert/strict'
import { connect, type Socket } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { sendMessage, startTestApp, type TestApp } from '../../../test/app.ts'
import { createTestData, runOnServer, skipWithoutPostgres } from '../../../test/databases.ts'
import { openStream } from '../../../test/event-stream.ts'
import { eventually } from '../../../test/eventually.ts'
import { atEnd, startProgram, temporaryDirectory, token } from '../../../test/process.ts'
import { appendEvent } from '../../events/append.ts'
import { systemOf } from '../../lib/actor.ts'

let test: TestApp
before(async () => {
  test = await startTestApp()
})
after(() => test.close())

/** Opens a stream, and reads only its beginning. */
async function openWithoutReading(url: string, withToken: string, query = ''): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  socket.on('error', () => {})
  await new Promise((resolve) => socket.on('connect', resolve))
  socket.write(
    `GET /api/v1/accounts/1/events?${query} HTTP/1.1\r\nhost: x\r\napi_access_token: ${withToken}\r\n\r\n`,
  )
  await new Promise<void>((resolve) => socket.once('data', () => resolve()))
  socket.pause()
  return socket
}

const event = { name: 'message_created', audience: 'agents', inbox_id: 1 } as const
const append = (data: object, count = 1) =>
  test.app.database.transaction(1, async (tx) => {
    for (let number = 0; number < count; number++) {
      await appendEvent(tx, systemOf(1), { ...event, data: JSON.stringify({ ...data, number }) })
    }
  })

describe('a client that does not read its stream', () => {
  it('is disconnected, and the others are not', async () => {
    const healthy = await openStream(test)
    const connections = () =>
      new Promise<number>((resolve) => test.app.server.server.getConnections((_, count) => resolve(count)))
    const slow = await openWithoutReading(test.app.url, test.token)
    const { cursor } = healthy
    const open = await connections()
    const content = 'x'.repeat(100_000)
    let sent = 0
    // The buffers of the operating system hold some megabytes.
    while ((await connections()) === open) {
      assert.ok(sent < 1000, 'no client is disconnected')
      await append({ content }, 5)
      sent += 5
      await eventually(() => healthy.logged.length === sent)
    }
    assert.ok(sent * content.length > 1024 * 1024)
    assert.equal(healthy.ended, false)
    healthy.close()
    slow.destroy()
    const again = await openStream(test, { query: `after=${cursor}` })
    await eventually(() => again.logged.length === sent)
    again.close()
  })

  it('gets an event that is larger than the limit, when it happens and when it resumes', async () => {
    const healthy = await openStream(test)
    const { cursor } = healthy
    const content = 'z'.repeat(3 * 1024 * 1024)
    await append({ content })
    await append({ content: 'after it' })
    await healthy.find(({ data }) => data.content === 'after it')
    assert.equal(healthy.logged[0]!.data.content.length, content.length)
    healthy.close()
    const again = await openStream(test, { query: `after=${cursor}` })
    await again.find(({ data }) => data.content === 'after it')
    assert.equal(again.logged.length, 2)
    again.close()
  })

  it('is not disconnected while it catches up, and gets signals meanwhile', async () => {
    const { cursor, close } = await openStream(test)
    close()
    for (let count = 0; count < 30; count++) await append({ content: 'y'.repeat(100_000) }, 10)
    await sendMessage(test, 'the end')
    const slow = await openWithoutReading(test.app.url, test.token, `after=${cursor}`)
    await sleep(300)
    await test.api('/conversations/1/toggle_typing_status', {
      method: 'POST',
      body: { typing_status: 'on' },
    })
    let bytes = 0
    let text = ''
    let typing = false
    slow.on('data', (chunk) => {
      bytes += chunk.length
      text += chunk.toString('latin1')
      typing ||= text.includes('event: typing')
      text = text.slice(-2000)
    })
    slow.resume()
    await eventually(() => text.includes('the end'))
    assert.ok(typing)
    assert.ok(bytes > 29_000_000, `${bytes}`)
    slow.destroy()
  })
})

/** The memory that is used and not garbage. */
function memory(): number {
  setFlagsFromString('--expose-gc')
  const { heapUsed, external } = runInNewContext('gc(), process.memoryUsage()', { process })
  return heapUsed + external
}

describe('many clients that do not read a long log', () => {
  it('hold little memory', async () => {
    const { cursor, close } = await openStream(test)
    close()
    for (let count = 0; count < 10; count++) await append({ content: 'm'.repeat(130_000) }, 10)
    const before = memory()
    const sockets: Socket[] = []
    for (let count = 0; count < 80; count++) {
      sockets.push(await openWithoutReading(test.app.url, test.token, `after=${cursor}`))
    }
    await sleep(1000)
    // The events of a page, of 1 MiB, for each of them would be 60 MiB.
    await eventually(() => memory() - before < 40 * 1024 ** 2, 'memory that is freed')
    for (const socket of sockets) socket.destroy()
  })
})

describe('while the database does not answer', () => {
  it('streams stay open, and miss no event', async () => {
    const stream = await openStream(test)
    const { read } = test.app.database
    const { run } = read
    let failed = 0
    Object.assign(read, {
      run: () => {
        failed += 1
        return Promise.reject(new Error('the database is unreachable'))
      },
    })
    await append({ content: 'meanwhile' })
    await eventually(() => failed > 0)
    Object.assign(read, { run })
    await sendMessage(test, 'back again')
    await stream.find(({ data }) => data.content === 'back again')
    assert.deepEqual(
      stream.logged.map(({ data }) => data.content),
      ['meanwhile', 'back again'],
    )
    stream.close()
  })

  it('streams miss no event if connections break, too', { skip: skipWithoutPostgres }, async () => {
    const stream = await openStream(test)
    const name = new URL(test.config.databaseUrl!).pathname.slice(1)
    for (let count = 0; count < 3; count++) {
      await runOnServer(`select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`)
      await eventually(async () => {
        const body = { content: `cut ${count}`, message_type: 'outgoing' }
        const headers = { 'idempotency-key': `cut ${count}` }
        return (await test.api('/conversations/1/messages', { method: 'POST', body, headers })).status < 300
      })
    }
    await stream.find(({ data }) => data.content === 'cut 2')
    assert.deepEqual(
      stream.logged.map(({ data }) => data.content),
      ['cut 0', 'cut 1', 'cut 2'],
    )
    stream.close()
  })
})

describe('a server that stops', () => {
  it('ends all streams at once on SIGTERM, including those that are not read', async (t) => {
    const location = await createTestData()
    atEnd(t, () => location.remove())
    const { DATABASE_URL = '' } = location.environment
    const server = await startProgram(t, { data: temporaryDirectory(t), environment: { DATABASE_URL } })
    const app = { url: server.url } as TestApp['app']
    const streams = await Promise.all(Array.from({ length: 20 }, () => openStream({ app, token })))
    const ignored = await openWithoutReading(server.url, token)
    const start = performance.now()
    server.kill('SIGTERM')
    const { code } = await server.ended
    assert.equal(code, 0)
    assert.ok(performance.now() - start < 4000, `${performance.now() - start} ms`)
    await eventually(() => streams.every(({ ended }) => ended))
    ignored.destroy()
  })

  it('ends its streams, and accepts no new requests', async () => {
    const other = await startTestApp()
    const stream = await openStream(other)
    const closing = other.close()
    await eventually(() => stream.ended)
    await closing
    await assert.rejects(fetch(`${other.app.url}/health`))
  })
})
