import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, describe, it, type TestContext } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import {
  assertNoStack,
  assertSound,
  atEnd,
  call,
  dataMadeOnce,
  type Ended,
  freePort,
  messages,
  type Options,
  post,
  program,
  project,
  type Running,
  runProgram,
  startProgram,
  temporaryDirectory,
  token,
  until,
} from '../process.ts'

// Most of their time these tests wait.
const concurrently = { concurrency: 4 }
// The grace that is promised to whoever stops the server, in milliseconds; a loaded machine gets a little more.
const promised = 5000
const allowed = promised + 1000
// What does not wait for its end: the grace is for those who are slow.
const quick = 4000

async function stop(server: Running, signal: NodeJS.Signals = 'SIGTERM'): Promise<Ended & { took: number }> {
  const start = performance.now()
  server.kill(signal)
  const ended = await server.ended
  return { ...ended, took: performance.now() - start }
}

function assertRefusedToStart({ code, stdout, stderr }: Ended, sentence: RegExp): void {
  assert.equal(code, 1, stdout + stderr)
  assert.match(stderr, sentence)
  assertNoStack(stdout + stderr)
}

/** Data whose first conversation is so long that it does not fit between server and reader. */
const longConversation = dataMadeOnce({ after }, async (server) => {
  const text = 'x'.repeat(20_000)
  for (let round = 0; round < 50; round++) {
    await Promise.all(Array.from({ length: 10 }, (_, index) => post(server, `${round}.${index} ${text}`)))
  }
})

/** Asks for the whole conversation and reads no more of it than has come when the first bytes are there. */
function readSlowly(server: Running): Promise<{ rest(): Promise<string> }> {
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

describe('SIGTERM', concurrently, () => {
  it('twice at once, as Ctrl+C comes through npm, still finishes what runs', async (t) => {
    const server = await startProgram(t, { data: temporaryDirectory(t) })
    const slow = await readSlowly(server)
    server.kill('SIGINT')
    server.kill('SIGINT')
    await slow.rest()
    assert.equal((await server.ended).code, 0)
  })

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    it(`on a quiet server: ${signal} ends it at once with 0, and the data is sound`, async (t) => {
      const data = temporaryDirectory(t)
      const server = await startProgram(t, { data })
      assert.equal((await post(server, 'kept')).status, 201)
      const { code, took } = await stop(server, signal)
      assert.equal(code, 0)
      assert.ok(took < quick, `${took} ms`)
      assertSound(join(data, 'ndoto.db'))
    })
  }

  it('is obeyed from the moment that the server says where it listens', async (t) => {
    const server = await startProgram(t, { data: temporaryDirectory(t) })
    server.kill('SIGTERM')
    const { code, signal } = await server.ended
    assert.deepEqual({ code, signal }, { code: 0, signal: null })
  })

  it('lets a request that has half arrived arrive, answers it, and keeps what it wrote', async (t) => {
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
    await setTimeout(100)
    const stopped = stop(server)
    await setTimeout(300)
    sending.end(body.slice(20))
    const { status, text } = await answered
    assert.equal(status, 201)
    const { code, took } = await stopped
    assert.equal(code, 0)
    assert.ok(took < quick, `${took} ms`)
    const again = await startProgram(t, { data })
    assert.deepEqual((await messages(again)).at(-1), JSON.parse(text))
  })

  it('answers no more than it stores while many write', async (t) => {
    const data = temporaryDirectory(t)
    const server = await startProgram(t, { data })
    const answered: number[] = []
    let refused = 0
    const clients = Array.from({ length: 20 }, async (_, client) => {
      for (let count = 0; ; count++) {
        const answer = await post(server, `${client}.${count}`).catch(() => undefined)
        if (answer?.status !== 201) {
          refused++
          return
        }
        answered.push(answer.body.id)
      }
    })
    await until(() => answered.length > 100)
    const { code, took } = await stop(server)
    await Promise.all(clients)
    assert.equal(code, 0)
    assert.ok(took < quick, `${took} ms`)
    assert.equal(refused, 20)
    assertSound(join(data, 'ndoto.db'))
    const again = await startProgram(t, { data })
    const stored = new Set((await messages(again)).map(({ id }) => id))
    assert.deepEqual(
      answered.filter((id) => !stored.has(id)),
      [],
    )
  })

  it('does not wait for a connection that is kept open and says nothing', async (t) => {
    const server = await startProgram(t, { data: temporaryDirectory(t) })
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    atEnd(t, () => agent.destroy())
    await new Promise<void>((resolve, reject) => {
      const get = request(`${server.url}/health`, { agent }, (response) => {
        response.resume().on('end', resolve)
      })
      get.on('error', reject).end()
    })
    await setTimeout(50)
    assert.equal(Object.values(agent.freeSockets).flat().length, 1, 'the connection is not kept open')
    const { code, took } = await stop(server)
    assert.equal(code, 0)
    assert.ok(took < quick, `${took} ms`)
  })

  it('lets a reader finish a long list that it has begun', async (t) => {
    const server = await startProgram(t, { data: await longConversation(t) })
    const reader = await readSlowly(server)
    server.kill('SIGTERM')
    await setTimeout(500)
    const { payload } = JSON.parse(await reader.rest())
    assert.equal(payload.length, 501)
    assert.equal((await server.ended).code, 0)
  })

  it('cuts off a reader that does not get on, in time and with 0', async (t) => {
    const data = await longConversation(t)
    const server = await startProgram(t, { data })
    const reader = await readSlowly(server)
    const { code, took, stderr } = await stop(server)
    assert.equal(code, 0)
    assert.ok(took < allowed, `${took} ms`)
    assert.ok(took > 3000, `the reader got only ${took} ms`)
    assertNoStack(stderr)
    await assert.rejects(reader.rest())
    assertSound(join(data, 'ndoto.db'))
  })

  it('a second time after a while ends it at once', async (t) => {
    const server = await startProgram(t, { data: await longConversation(t) })
    const reader = await readSlowly(server)
    server.kill('SIGTERM')
    await setTimeout(1200)
    const { code, took } = await stop(server)
    assert.equal(code, 1)
    assert.ok(took < 1500, `${took} ms`)
    await assert.rejects(reader.rest())
  })

  it('sent to `npm start` stops the server', async (t) => {
    const data = temporaryDirectory(t)
    const npm = await startProgram(t, { data, command: ['npm', 'start'], cwd: project })
    const file = join(data, 'ndoto.pid')
    const held = readFileSync(file, 'utf8')
    atEnd(t, () => {
      // npm has left it behind.
      if (existsSync(file) && readFileSync(file, 'utf8') === held)
        process.kill(Number(/\d+/.exec(held)), 'SIGKILL')
    })
    assert.equal((await post(npm, 'before')).status, 201)
    const { took } = await stop(npm)
    assert.ok(took < promised, `${took} ms`)
    await assert.rejects(fetch(`${npm.url}/health`), 'the server still answers')
    const again = await startProgram(t, { data })
    assert.equal((await messages(again)).at(-1)!.content, 'before')
  })
})

describe('a second server on the same data', concurrently, () => {
  it('is refused with a sentence that names the first, and the first is undisturbed', async (t) => {
    const data = temporaryDirectory(t)
    const first = await startProgram(t, { data })
    const second = await runProgram(['start'], { data })
    assertRefusedToStart(second, new RegExp(`in use by another Ndoto \\(process ${first.pid},`))
    assert.ok(second.stderr.includes(data))
    assert.equal((await post(first, 'undisturbed')).status, 201)
  })

  it('starts once the first was killed with SIGKILL, and has what that one answered', async (t) => {
    const data = temporaryDirectory(t)
    const first = await startProgram(t, { data })
    const { body } = await post(first, 'answered')
    await stop(first, 'SIGKILL')
    const second = await startProgram(t, { data })
    assert.deepEqual((await messages(second)).at(-1), body)
    assert.notEqual(second.pid, first.pid)
  })
})

describe('a restart', () => {
  it('keeps everything, runs no step again and goes on with the numbers', async (t) => {
    const data = temporaryDirectory(t)
    const first = await startProgram(t, { data })
    const ids: number[] = []
    for (const text of ['one', 'two']) ids.push((await post(first, text)).body.id)
    const before = await messages(first)
    await stop(first)
    const steps = () => {
      const file = new DatabaseSync(join(data, 'ndoto.db'), { readOnly: true })
      try {
        return file.prepare('select * from migrations').all()
      } finally {
        file.close()
      }
    }
    const taken = steps()
    const second = await startProgram(t, { data })
    assert.deepEqual(await messages(second), before)
    assert.ok((await post(second, 'three')).body.id > ids.at(-1)!)
    await stop(second)
    assert.deepEqual(steps(), taken)
  })
})

describe('a server that cannot start says why in a sentence and ends with 1', concurrently, () => {
  const start = (t: TestContext, environment: Record<string, string>, more: Partial<Options> = {}) =>
    runProgram(['start'], { data: temporaryDirectory(t), environment, ...more })

  it('on a database of a newer version, which it does not touch', async (t) => {
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

  it('on a damaged database, which it does not touch', async (t) => {
    const data = temporaryDirectory(t)
    writeFileSync(join(data, 'ndoto.db'), 'no database at all, '.repeat(1000))
    const ended = await runProgram(['start'], { data })
    assertRefusedToStart(ended, /not a database/)
    assert.match(readFileSync(join(data, 'ndoto.db'), 'utf8'), /^(no database at all, ){1000}$/)
  })

  it('on a port that another program has', async (t) => {
    const other = createServer().listen(0, '127.0.0.1')
    atEnd(t, () => other.close())
    await new Promise((resolve) => other.on('listening', resolve))
    const { port } = other.address() as { port: number }
    const ended = await start(t, { PORT: String(port) })
    assertRefusedToStart(ended, new RegExp(`^Another program uses 127\\.0\\.0\\.1:${port}\\..+ PORT `))
  })

  for (const [what, HOST] of [
    ['no name of any machine', 'no-such-host.invalid'],
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
  it('on a DATA_DIR where nothing can be made', { skip: hasProc ? false : 'needs /proc' }, async () => {
    const ended = await runProgram(['start'], { data: '/proc/ndoto/data', cwd: project })
    assertRefusedToStart(ended, /DATA_DIR/)
  })

  for (const [what, path] of [
    ['exists but cannot be written', '.'],
    ['cannot be made', 'missing'],
  ] as const) {
    it(`on a DATA_DIR that ${what}`, async (t) => {
      const isRoot = process.getuid?.() === 0
      const nobody = 65534
      if (isRoot && !mayRun(nobody))
        return t.skip('root may write anywhere, and others cannot run this program')
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

  it('on wrong settings: each of them, in one go, and no secret', async (t) => {
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

  it('and once the trouble is gone, it starts', async (t) => {
    const data = temporaryDirectory(t)
    const PORT = String(await freePort())
    const other = createServer().listen(Number(PORT), '127.0.0.1')
    await new Promise((resolve) => other.on('listening', resolve))
    assert.equal((await runProgram(['start'], { data, environment: { PORT } })).code, 1)
    await new Promise((resolve) => other.close(resolve))
    const server = await startProgram(t, { data, environment: { PORT } })
    assert.equal(server.url, `http://127.0.0.1:${PORT}`)
    assert.equal((await messages(server)).length, 1)
  })
})

/** Whether another user can read the program and its runtime. */
function mayRun(uid: number): boolean {
  try {
    execFileSync(process.execPath, [program, '--version'], { uid, gid: uid, cwd: '/', stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

describe('the log', () => {
  it('has a line for each request with its id, route and status, and neither tokens nor what people write', async (t) => {
    const marker = 'what-a-customer-confides'
    const environment = { LOG_LEVEL: 'info' }
    const server = await startProgram(t, { data: temporaryDirectory(t), environment })
    const path = '/conversations/1/messages'
    const sent = await post(server, marker, `key-${marker}`)
    assert.equal(sent.status, 201)
    const wrong = {
      body: { content: marker, message_type: marker },
      headers: { 'x-request-id': 'my-own-id' },
    }
    assert.equal((await call(server, path, wrong)).status, 422)
    assert.equal((await call(server, `${path}?limit=${marker}`)).status, 400)
    assert.equal((await call(server, `/contacts?q=${marker}`)).status, 200)
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
