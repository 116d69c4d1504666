import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { promisify } from 'node:util'
import { eventually } from '../eventually.ts'
import {
  atEnd,
  call,
  freePort,
  listMessages,
  program,
  readDatabase,
  runProgram,
  type Scope,
  skipWithoutCommands,
  startProgram,
  temporaryDirectory,
} from '../process.ts'

const bash = (line: string) => promisify(execFile)('bash', ['-c', line])

/** Returns the value after a word in the output of the first start. */
function printed(output: string, word: string): string {
  const [, value] = new RegExp(`^ +${word} +(.+)$`, 'm').exec(output) ?? []
  assert.ok(value, `no ${word} in ${output}`)
  return value
}

function curlLine(output: string): string {
  const [line] = /^ *curl .+$/m.exec(output) ?? []
  assert.ok(line, output)
  return line
}

/** Starts the server in a terminal (`script` has one), and returns what it has printed so far. */
async function startInTerminal(
  t: Scope,
  { port, environment }: { port: number; environment: Record<string, string> },
): Promise<() => string> {
  const data = temporaryDirectory(t)
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, DATA_DIR: data, ...environment }
  const command = `exec '${process.execPath}' '${program}' start`
  const child = spawn('script', ['-qec', command, '/dev/null'], {
    cwd: data,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text) => {
    output += text
  })
  const ended = once(child, 'exit')
  atEnd(t, async () => {
    child.kill()
    await ended
  })
  await eventually(
    async () => (await fetch(`http://127.0.0.1:${port}/health`).catch(() => undefined))?.ok === true,
  )
  await eventually(() => output.includes('Token'))
  return () => output
}

const skip = skipWithoutCommands('bash', 'curl')
// The operator has chosen no token.
const withoutToken = { NDOTO_ADMIN_TOKEN: '' }

describe('The first start', () => {
  it('prints an address, a login, a token and a curl command that work', {
    skip,
  }, async (t) => {
    const server = await startProgram(t, { data: temporaryDirectory(t), environment: withoutToken })
    const output = server.output()
    assert.equal(printed(output, 'Dashboard'), `${server.url}/#email=admin@example.com`)
    assert.equal((await fetch(printed(output, 'Dashboard'))).status, 200)
    assert.equal(printed(output, 'Login'), 'admin@example.com')
    assert.ok(printed(output, 'Password').length >= 16)
    const token = printed(output, 'Token')
    assert.equal((await call(server, '/conversations/1/messages', { token })).status, 200)
    const body = { content: 'Sure, what is the order number?', message_type: 'outgoing' }
    assert.equal((await call(server, '/conversations/1/messages', { token, body })).status, 201)

    const { stdout } = await bash(`${curlLine(output)} --silent --show-error --fail`)
    const { payload } = JSON.parse(stdout)
    assert.equal(payload.length, 2)
    assert.equal(payload[0].content, 'Hi, I need help with my order.')
    assert.equal(payload[0].message_type, 'incoming')
    assert.equal(payload[1].content, body.content)
  })

  it('generates different secrets each time, and stores only their hashes', async (t) => {
    const all = [temporaryDirectory(t), temporaryDirectory(t)]
    const secrets = await Promise.all(
      all.map(async (data) => {
        const output = (await startProgram(t, { data, environment: withoutToken })).output()
        return [printed(output, 'Password'), printed(output, 'Token')]
      }),
    )
    assert.equal(new Set(secrets.flat()).size, 4)
    for (const [index, data] of all.entries()) {
      const tables = readDatabase(join(data, 'ndoto.db'), (database) =>
        ['users', 'access_tokens'].map((table) => database.prepare(`select * from ${table}`).all()),
      )
      assert.deepEqual(
        tables.map((rows) => rows.length),
        [1, 1],
      )
      for (const secret of secrets[index]!) assert.ok(!JSON.stringify(tables).includes(secret))
    }
  })

  it('prints the public address of the dashboard, and a curl command with the local address', {
    skip,
  }, async (t) => {
    const port = await freePort()
    const environment = {
      ...withoutToken,
      PORT: String(port),
      PUBLIC_URL: 'http://chat.example.com/',
      HOST: '0.0.0.0',
    }
    const server = await startProgram(t, { data: temporaryDirectory(t), environment })
    assert.equal(printed(server.output(), 'Dashboard'), 'http://chat.example.com/#email=admin@example.com')
    const { stdout } = await bash(`${curlLine(server.output())} --silent --show-error --fail`)
    assert.equal(JSON.parse(stdout).payload.length, 1)
  })

  it('uses the login, password and token that the operator has chosen, and does not print the password', async (t) => {
    const data = join(temporaryDirectory(t), 'new', 'data')
    const environment = {
      NDOTO_ADMIN_EMAIL: 'jane@example.com',
      NDOTO_ADMIN_PASSWORD: 'correct horse battery staple',
      NDOTO_ADMIN_TOKEN: 'chosen-by-the-operator',
    }
    const server = await startProgram(t, { data, environment, cwd: '/' })
    assert.equal(printed(server.output(), 'Login'), 'jane@example.com')
    assert.ok(!server.output().includes('correct horse'))
    const response = await call(server, '/conversations/1/messages', { token: 'chosen-by-the-operator' })
    assert.equal(response.status, 200)
    const users = readDatabase(join(data, 'ndoto.db'), (database) =>
      database.prepare('select email, password_hash from users').all(),
    )
    assert.equal(users.length, 1)
    assert.equal(users[0]!.email, 'jane@example.com')
    assert.match(String(users[0]!.password_hash), /^\$argon2id\$/)
    assert.equal(statSync(data).mode & 0o777, 0o700, 'others can enter the directory')
  })

  it('keeps what it prints on the screen of a terminal, where requests are logged only if somebody wants that', {
    skip: skipWithoutCommands('script'),
  }, async (t) => {
    for (const LOG_LEVEL of ['', 'info']) {
      const port = await freePort()
      const environment = { ...withoutToken, LOG_LEVEL, PORT: String(port), SHELL: '/bin/sh' }
      const output = await startInTerminal(t, { port, environment })
      for (const path of ['/', '/health', '/nothing']) await fetch(`http://127.0.0.1:${port}${path}`)
      await eventually(() => LOG_LEVEL === '' || /"route"/.test(output()))
      assert.match(output(), /Password +\S{16,}/)
      assert.equal(/"level":30|"route"/.test(output()), LOG_LEVEL === 'info', output())
    }
  })

  it('refuses a password that is easy to guess, and creates nothing until there is a better one', async (t) => {
    const data = temporaryDirectory(t)
    for (const [chosen, reason] of [
      ['Password1', 'is one of the most common passwords'],
      ['admin@example.com', 'is your name or e-mail address'],
    ] as const) {
      const ended = await runProgram(['start'], { data, environment: { NDOTO_ADMIN_PASSWORD: chosen } })
      assert.equal(ended.code, 1)
      assert.equal(ended.stderr, `NDOTO_ADMIN_PASSWORD ${reason}: choose another one.\n`)
      assert.ok(!ended.stdout.includes(chosen))
    }
    await startProgram(t, { data, environment: { NDOTO_ADMIN_PASSWORD: 'correct horse battery' } })
  })

  it('prints its secrets at the next start if it cannot listen', async (t) => {
    const data = temporaryDirectory(t)
    const PORT = String(await freePort())
    const other = createServer().listen(Number(PORT), '127.0.0.1')
    await once(other, 'listening')
    await assert.rejects(
      startProgram(t, { data, environment: { ...withoutToken, PORT } }),
      /Another program uses/,
    )
    await new Promise((resolve) => other.close(resolve))
    const server = await startProgram(t, { data, environment: { ...withoutToken, PORT } })
    const token = printed(server.output(), 'Token')
    assert.equal((await call(server, '/conversations/1/messages', { token })).status, 200)
  })

  it('creates a database that other users cannot read, even in a directory that they can enter', async (t) => {
    const data = join(temporaryDirectory(t), 'shared')
    mkdirSync(data, { mode: 0o755 })
    const server = await startProgram(t, { data })
    await listMessages(server)
    const files = readdirSync(data).filter((file) => file.startsWith('ndoto.db'))
    assert.ok(files.includes('ndoto.db') && files.includes('ndoto.db-wal'))
    const readable = files.filter((file) => statSync(join(data, file)).mode & 0o077)
    assert.deepEqual(readable, [])
  })
})

describe('Later starts', () => {
  it('print the address and no secret, create nothing, and do not change the login', async (t) => {
    const data = temporaryDirectory(t)
    const first = await startProgram(t, { data, environment: withoutToken })
    const token = printed(first.output(), 'Token')
    const password = printed(first.output(), 'Password')
    first.kill()
    await first.ended
    const environment = {
      NDOTO_ADMIN_EMAIL: 'other@example.com',
      NDOTO_ADMIN_TOKEN: 'another-token-later-on',
    }
    const second = await startProgram(t, { data, environment })
    assert.match(second.output(), new RegExp(`listens at ${second.url}$`, 'm'))
    assert.match(second.output(), /ndoto -- password ADDRESS/, 'the way out if the password is lost')
    for (const secret of [token, password, 'another-token-later-on', 'other@example.com', 'curl']) {
      assert.ok(!second.output().includes(secret), secret)
    }
    const path = '/conversations/1/messages'
    const { status, body } = await call(second, path, { token })
    assert.equal(status, 200)
    assert.equal(body.payload.length, 1)
    assert.equal((await call(second, path, { token: 'another-token-later-on' })).status, 401)
    assert.equal((await call(second, '/conversations/2/messages', { token })).status, 404)
  })
})
