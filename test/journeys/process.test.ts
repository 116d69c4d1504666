import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, describe, it, type TestContext } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { openStream, type StreamEvent } from '../event-stream.ts'
import { eventually } from '../eventually.ts'
import {
  assertNoStack,
  assertSound,
  atEnd,
  call,
  createDataTemplate,
  listMessages,
  type ProcessOptions,
  type ProcessResult,
  postMessage,
  program,
  project,
  runProgram,
  type ServerProcess,
  startProgram,
  temporaryDirectory,
  token,
} from '../process.ts'

// Most of the time, these tests wait.
const concurrently = { concurrency: 4 }
// The grace period of a stop, in milliseconds, with some more for a loaded machine.
const gracePeriod = 5000
const longestStop = gracePeriod + 1000
// A stop that does not use up the grace period.
const quickStop = 4000

async function stop(
  server: ServerProcess,
  signal: NodeJS.Signals = 'SIGTERM',
): Promise<ProcessResult & { took: number }> {
  const start = performance.now()
  server.kill(signal)
  const ended = await server.ended
  return { ...ended, took: performance.now() - start }
}

/** Waits until the server accepts no connections. */
function untilStopping({ url }: ServerProcess): Promise<boolean> {
  const isRefused = () =>
    fetch(`${url}/health`, { headers: { connection: 'close' } }).then(
      () => false,
      () => true,
    )
  return eventually(isRefused)
}

function assertRefusedToStart({ code, stdout, stderr }: ProcessResult, sentence: RegExp): void {
  assert.equal(code, 1, stdout + stderr)
  assert.match(stderr, sentence)
  assertNoStack(stdout + stderr)
}

/** Copies data whose first conversation is longer than the buffers between server and reader. */
const copyLongConversation = createDataTemplate({ after }, async (server) => {
  const text = 'x'.repeat(20_000)
  for (let round = 0; round < 50; round++) {
    await Promise.all(
      Array.from({ length: 10 }, (_, index) => postMessage(server, `${round}.${index} ${text}`)),
    )
  }
})

/** Requests the whole conversation, and reads only its first bytes until `rest()` is called. */
function readSlowly(server: ServerProcess): Promise<{ rest(): Promise<string> }> {
  return new Promise((resolve, reject) => {
    const url = `${server.url}/api/v1/accounts/1/conversations/1/messages`
    const get = request(url, { headers: { api_access_token: token }, agent: false }, (response) => {
      let text = ''
      const first = (chunk: Buffer) => {
        text += chunk
        response.off('data', first).pause()
        resolve({
          async rest() {
            for await (const chunk of response) text += chunk
            return text
          },
        })
      }
      response.on('data', first).on('error', () => {})
    })
    get.on('error', reject).end()
  })
}

describe('A stop', concurrently, () => {
  it('by two signals at once, as Ctrl+C through npm sends them, finishes running requests', async (t) => {
    const server = await startProgram(t, { data: temporaryDirectory(t) })
    const slow = await readSlowly(server)
    server.kill('SIGINT')
    server.kill('SIGINT')
    await slow.rest()
    assert.equal((await server.ended).code, 0)
  })

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    it(`by ${signal} ends an idle server at once with 0, with sound data`, async (t) => {
      const data = temporaryDirectory(t)
      const server = await startProgram(t, { data })
      assert.equal((await postMessage(server, 'stored')).status, 201)
      const { code, took } = await stop(server, signal)
      assert.equal(code, 0)
      assert.ok(took < quickStop, `${took} ms`)
      assertSound(join(data, 'ndoto.db'))
    })
  }

  it('works as soon as the server has printed its address', async (t) => {
    const server = await startProgram(t, { data: temporaryDirectory(t) })
    server.kill('SIGTERM')
    const { code, signal } = await server.ended
    assert.deepEqual({ code, signal }, { code: 0, signal: null })
  })

  it('waits for the rest of a request, responds to it, and stores its message', async (t) => {
    const data = temporaryDirectory(t)
    const server = await startProgram(t, { data })
    const body = JSON.stringify({ content: 'the second half comes later', message_type: 'outgoing' })
    const agent = new Agent({ keepAlive: true })
    atEnd(t, () => agent.destroy())
    const sending = request(`${server.url}/api/v1/accounts/1/conversations/1/messages`, {
      method: 'POST',
      headers: {
        api_access_token: token,
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        // The server responds with 100 Continue as soon as it has read the headers.
        expect: '100-continue',
      },
      agent,
    })
    const answered = new Promise<{ status: number; text: string }>((resolve, reject) => {
      sending.on('error', reject)
      sending.on('response', async (response) => {
        let text = ''
        for await (const chunk of response) text += chunk
        resolve({ status: response.statusCode!, text })
      })
    })
    sending.write(body.slice(0, 20))
    await once(sending, 'continue')
    const stopped = stop(server)
    await untilStopping(server)
    sending.end(body.slice(20))
    const { status, text } = await answered
    assert.equal(status, 201)
    const { code, took } = await stopped
    assert.equal(code, 0)
    assert.ok(took < quickStop, `${took} ms`)
    const again = await startProgram(t, { data })
    assert.deepEqual((await listMessages(again)).at(-1), JSON.parse(text))
  })

  it('loses no confirmed message while many clients write', async (t) => {
    const data = temporaryDirectory(t)
    const server = await startProgram(t, { data })
    const confirmed: number[] = []
    let refused = 0
    const clients = Array.from({ length: 20 }, async (_, client) => {
      for (let count = 0; ; count++) {
        const response = await postMessage(server, `${client}.${count}`).catch(() => undefined)
        if (response?.status !== 201) {
          refused++
          return
        }
        confirmed.push(response.body.id)
      }
    })
    await eventually(() => confirmed.length > 100)
    const { code, took } = await stop(server)
    await Promise.all(clients)
    assert.equal(code, 0)
    assert.ok(took < quickStop, `${took} ms`)
    assert.equal(refused, 20)
    assertSound(join(data, 'ndoto.db'))
    const again = await startProgram(t, { data })
    const stored = new Set((await listMessages(again)).map(({ id }) => id))
    assert.deepEqual(
      confirmed.filter((id) => !stored.has(id)),
      [],
    )
  })

  it('does not wait for an idle connection', async (t) => {
    const server = await startProgram(t, { data: temporaryDirectory(t) })
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    atEnd(t, () => agent.destroy())
    await new Promise<void>((resolve, reject) => {
      const get = request(`${server.url}/health`, { agent }, (response) => {
        response.resume().on('end', resolve)
      })
      get.on('error', reject).end()
    })
    await eventually(() => Object.values(agent.freeSockets).flat().length === 1)
    const { code, took } = await stop(server)
    assert.equal(code, 0)
    assert.ok(took < quickStop, `${took} ms`)
  })

  it('ends 100 event streams in time, and each resumes at its cursor without loss', async (t) => {
    const data = temporaryDirectory(t)
    const server = await startProgram(t, { data })
    const open = (url: string, query = '') => openStream({ token, app: { url } }, { query })
    const streams = await Promise.all(Array.from({ length: 100 }, () => open(server.url)))
    // One reads nothing, like a computer that sleeps.
    const asleep = request(`${server.url}/api/v1/accounts/1/events`, { headers: { api_access_token: token } })
    asleep.on('error', () => {}).on('response', (response) => response.on('error', () => {}).pause())
    asleep.end()
    await once(asleep, 'response')
    const seen = (await postMessage(server, 'before the stop')).body.id
    const isAbout = (id: number) => (event: StreamEvent) =>
      event.name === 'message_created' && event.data.id === id
    await Promise.all(streams.map((stream) => stream.find(isAbout(seen))))
    const { code, took } = await stop(server)
    assert.equal(code, 0)
    assert.ok(took < gracePeriod, `${took} ms`)
    await eventually(() => streams.every(({ ended }) => ended))
    const again = await startProgram(t, { data })
    const missed = (await postMessage(again, 'while nobody listens')).body.id
    const resumed = await Promise.all(streams.map(({ cursor }) => open(again.url, `after=${cursor}`)))
    await Promise.all(resumed.map((stream) => stream.find(isAbout(missed))))
    for (const stream of resumed) {
      assert.deepEqual(
        stream.named('message_created').map((event) => event.data.id),
        [missed],
      )
      stream.close()
    }
  })

  it('lets a reader finish a long list', async (t) => {
    const server = await startProgram(t, { data: await copyLongConversation(t) })
    const reader = await readSlowly(server)
    server.kill('SIGTERM')
    await untilStopping(server)
    const { payload } = JSON.parse(await reader.rest())
    assert.equal(payload.length, 501)
    assert.equal((await server.ended).code, 0)
  })

  it('disconnects a reader that does not read, in time and with 0', async (t) => {
    const data = await copyLongConversation(t)
    const server = await startProgram(t, { data })
    const reader = await readSlowly(server)
    const { code, took, stderr } = await stop(server)
    assert.equal(code, 0)
    assert.ok(took < longestStop, `${took} ms`)
    assert.ok(took > 3000, `the reader got only ${took} ms`)
    assertNoStack(stderr)
    await assert.rejects(reader.rest())
    assertSound(join(data, 'ndoto.db'))
  })

  it('by a second signal after a while ends the server at once', async (t) => {
    const server = await startProgram(t, { data: await copyLongConversation(t) })
    const reader = await readSlowly(server)
    server.kill('SIGTERM')
    await setTimeout(1200)
    const { code, took } = await stop(server)
    assert.equal(code, 1)
    assert.ok(took < 1500, `${took} ms`)
    await assert.rejects(reader.rest())
  })

  it('by SIGTERM to `npm start` stops the server', async (t) => {
    const data = temporaryDirectory(t)
    const npm = await startProgram(t, { data, command: ['npm', 'start'], cwd: project })
    const file = join(data, 'ndoto.pid')
    const content = readFileSync(file, 'utf8')
    atEnd(t, () => {
      // npm has not stopped it.
      if (existsSync(file) && readFileSync(file, 'utf8') === content)
        process.kill(Number(/\d+/.exec(content)), 'SIGKILL')
    })
    assert.equal((await postMessage(npm, 'before')).status, 201)
    const { took } = await stop(npm)
    assert.ok(took < gracePeriod, `${took} ms`)
    await assert.rejects(fetch(`${npm.url}/health`), 'the server still responds')
    const again = await startProgram(t, { data })
    assert.equal((await listMessages(again)).at(-1)!.content, 'before')
  })
})

describe('A second server on the same data', concurrently, () => {
  it('ends with an error that names the first, which is not affected', async (t) => {
    const data = temporaryDirectory(t)
    const first = await startProgram(t, { data })
    const second = await runProgram(['start'], { data })
    assertRefusedToStart(second, new RegExp(`in use by another Ndoto \\(process ${first.pid},`))
    assert.ok(second.stderr.includes(data))
    assert.equal((await postMessage(first, 'not affected')).status, 201)
  })
})

describe('A restart', () => {
  it('keeps all data, repeats no migration, and continues the ids', async (t) => {
    const data = temporaryDirectory(t)
    const first = await startProgram(t, { data })
    const ids: number[] = []
    for (const text of ['one', 'two']) ids.push((await postMessage(first, text)).body.id)
    const before = await listMessages(first)
    await stop(first)
    const migrations = () => {
      const file = new DatabaseSync(join(data, 'ndoto.db'), { readOnly: true })
      try {
        return file.prepare('select * from migrations').all()
      } finally {
        file.close()
      }
    }
    const migrationsBefore = migrations()
    const second = await startProgram(t, { data })
    assert.deepEqual(await listMessages(second), before)
    assert.ok((await postMessage(second, 'three')).body.id > ids.at(-1)!)
    await stop(second)
    assert.deepEqual(migrations(), migrationsBefore)
  })
})

describe('A server that cannot start explains why and ends with 1', concurrently, () => {
  const start = (t: TestContext, environment: Record<string, string>, more: Partial<ProcessOptions> = {}) =>
    runProgram(['start'], { data: temporaryDirectory(t), environment, ...more })

  it('on a database of a newer version, which it does not change', async (t) => {
    const data = temporaryDirectory(t)
    await stop(await startProgram(t, { data }))
    const file = new DatabaseSync(join(data, 'ndoto.db'))
    file.exec(`insert into migrations values (999, 'from the future', 1)`)
    file.close()
    const fingerprint = () =>
      createHash('sha256')
        .update(readFileSync(join(data, 'ndoto.db')))
        .digest('hex')
    const before = fingerprint()
    const ended = await runProgram(['start'], { data })
    assertRefusedToStart(ended, /format 999, but this version of Ndoto supports formats up to \d+\./)
    assert.equal(fingerprint(), before)
  })

  it('on a damaged database, which it does not change', async (t) => {
    const data = temporaryDirectory(t)
    writeFileSync(join(data, 'ndoto.db'), 'no database at all, '.repeat(1000))
    const ended = await runProgram(['start'], { data })
    assertRefusedToStart(ended, /not a database/)
    assert.match(readFileSync(join(data, 'ndoto.db'), 'utf8'), /^(no database at all, ){1000}$/)
  })

  it('on a port that another program uses', async (t) => {
    const other = createServer().listen(0, '127.0.0.1')
    atEnd(t, () => other.close())
    await new Promise((resolve) => other.on('listening', resolve))
    const { port } = other.address() as { port: number }
    const ended = await start(t, { PORT: String(port) })
    assertRefusedToStart(ended, new RegExp(`^Another program uses 127\\.0\\.0\\.1:${port}\\..+ PORT `))
  })

  for (const [what, HOST] of [
    ['an unknown name', 'no-such-host.invalid'],
    // Reserved for documentation: no machine has it.
    ['not an address of this machine', '192.0.2.1'],
  ] as const) {
    it(`on a HOST that is ${what}`, async (t) => {
      assertRefusedToStart(await start(t, { HOST }), /HOST/)
    })
  }

  it('on a DATA_DIR that is a file', async (t) => {
    const data = join(temporaryDirectory(t), 'file')
    writeFileSync(data, '')
    const ended = await runProgram(['start'], { data, cwd: project })
    assertRefusedToStart(ended, /DATA_DIR/)
  })

  const hasProc = existsSync('/proc/self')
  it('on a DATA_DIR in /proc', { skip: hasProc ? false : 'needs /proc' }, async () => {
    const ended = await runProgram(['start'], { data: '/proc/ndoto/data', cwd: project })
    assertRefusedToStart(ended, /DATA_DIR/)
  })

  for (const [what, path] of [
    ['is not writable', '.'],
    ['cannot be created', 'missing'],
  ] as const) {
    it(`on a DATA_DIR that ${what}`, async (t) => {
      const isRoot = process.getuid?.() === 0
      const nobody = 65534
      if (isRoot && !mayRun(nobody))
        return t.skip('root may write anywhere, and other users cannot run this program')
      const parent = temporaryDirectory(t)
      chmodSync(parent, 0o755)
      const closed = join(parent, 'closed')
      mkdirSync(closed, { mode: 0o555 })
      const ended = await runProgram(['start'], {
        data: join(closed, path),
        cwd: '/',
        ...(isRoot ? { uid: nobody } : {}),
      })
      assertRefusedToStart(ended, /DATA_DIR/)
      assert.ok(ended.stderr.includes(closed), ended.stderr)
    })
  }

  it('on wrong settings, listing all of them, without secrets', async (t) => {
    const ended = await start(t, {
      PORT: '99999',
      PUBLIC_URL: 'chat.example.com',
      LOG_LEVEL: 'loud',
      NDOTO_RATE_LIMIT: 'none',
      NDOTO_ADMIN_EMAIL: 'jane',
      NDOTO_ADMIN_PASSWORD: 'hunter2',
      NDOTO_ADMIN_TOKEN: 'tooshort',
      TRUST_PROXY: 'nonsense',
      DATABASE_URL: 'postgres://ndoto:sesame@db',
    })
    assertRefusedToStart(ended, /^PORT is "99999", but must be a whole number from 0 to 65535\.$/m)
    const lines = ended.stderr.trimEnd().split('\n')
    assert.deepEqual(lines.map((line) => line.split(' ')[0]).sort(), [
      'DATABASE_URL',
      'LOG_LEVEL',
      'NDOTO_ADMIN_EMAIL',
      'NDOTO_ADMIN_PASSWORD',
      'NDOTO_ADMIN_TOKEN',
      'NDOTO_RATE_LIMIT',
      'PORT',
      'PUBLIC_URL',
      'TRUST_PROXY',
    ])
    assert.doesNotMatch(ended.stdout + ended.stderr, /hunter2|tooshort|sesame/)
  })
})

/** Returns whether another user can run the program. */
function mayRun(uid: number): boolean {
  try {
    execFileSync(process.execPath, [program, '--version'], { uid, gid: uid, cwd: '/', stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

describe('The log', () => {
  it('has a line for each request with its id, route and status, without tokens and without contents', async (t) => {
    const marker = 'what-a-customer-confides'
    const environment = { LOG_LEVEL: 'info' }
    const server = await startProgram(t, { data: temporaryDirectory(t), environment })
    const path = '/conversations/1/messages'
    const sent = await postMessage(server, marker, `key-${marker}`)
    assert.equal(sent.status, 201)
    const wrong = {
      body: { content: marker, message_type: marker },
      headers: { 'x-request-id': 'my-own-id' },
    }
    assert.equal((await call(server, path, wrong)).status, 422)
    assert.equal((await call(server, `${path}?limit=${marker}`)).status, 400)
    assert.equal((await call(server, `/contacts/search?q=${marker}`)).status, 200)
    assert.equal((await call(server, path, { token: `secret-${marker}` })).status, 401)
    assert.equal((await fetch(`${server.url}/${marker}?token=${token}`)).status, 404)
    await stop(server)
    const lines = server
      .output()
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line))
    const requests = lines.filter(({ msg }) => msg === 'request')
    assert.deepEqual(
      requests.map(({ status }) => status),
      [201, 422, 400, 200, 401, 404],
    )
    assert.equal(requests[0].requestId, sent.headers.get('x-request-id'))
    assert.equal(requests[1].requestId, 'my-own-id')
    assert.equal(requests[0].route, '/api/v1/accounts/:account_id/conversations/:conversation_id/messages')
    assert.equal(requests[0].account, 1)
    const log = lines.map((line) => JSON.stringify(line)).join('\n')
    assert.ok(!log.includes(marker) && !log.includes(token))
  })
})
