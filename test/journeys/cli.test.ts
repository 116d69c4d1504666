import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, describe, it } from 'node:test'
import { pathToFileURL } from 'node:url'
import {
  assertFailed,
  assertNoStack,
  assertSound,
  assertSucceeded,
  call,
  createDataTemplate,
  freePort,
  listMessages,
  oldNode,
  type ProcessResult,
  postMessage,
  program,
  project,
  readDatabase,
  runProgram,
  type ServerProcess,
  startProgram,
  temporaryDirectory,
} from '../process.ts'

const concurrently = { concurrency: 3 }
const path = '/conversations/1/messages'

const scope = { after }
/** Copies the data of a server that was stopped. */
const copyData = createDataTemplate(scope)

const sharedData = temporaryDirectory(scope)
let sharedServer: Promise<ServerProcess> | undefined

/** Returns the server that the tests share, whose data is in `sharedData`. They only add to it. */
function startShared(): Promise<ServerProcess> {
  sharedServer ??= startProgram(scope, { data: sharedData })
  return sharedServer
}

const urlOf = (...path: string[]) => JSON.stringify(pathToFileURL(join(project, ...path)))
// Loads the bundle, if there is one, as the program does: the sources take longer than the commands.
const script = `
  import { bundledProgram } from ${urlOf('bin', 'build-server.mjs')}
  const { run } = await import(bundledProgram(false) ?? ${urlOf('src', 'cli.ts')})
  const write = process.stdout.write.bind(process.stdout)
  const all = []
  for (const args of JSON.parse(process.argv[1])) {
    const ended = { stdout: '', stderr: '' }
    for (const name of ['stdout', 'stderr']) process[name].write = (text) => { ended[name] += text }
    ended.code = await run(args)
    all.push(ended)
  }
  write(JSON.stringify(all))`

/** Runs many command lines in one process, because starting a process takes longer than the command. */
async function runAll(data: string, commandLines: string[][]): Promise<ProcessResult[]> {
  const command = [process.execPath, '--input-type=module', '-e', script, JSON.stringify(commandLines)]
  const ended = await runProgram([], { data, command })
  assertSucceeded(ended)
  return JSON.parse(ended.stdout)
}

describe('ndoto password', concurrently, () => {
  it('prints a link with which a user who is locked out sets a new password, once, while the server runs', async (t) => {
    const data = temporaryDirectory(t)
    const server = await startProgram(t, { data })
    const ended = await runProgram(['password', 'ADMIN@example.com'], {
      data,
      environment: { PUBLIC_URL: 'https://chat.example.com' },
    })
    assertSucceeded(ended)
    const [, token] = /^https:\/\/chat\.example\.com\/password#(\S+)\n$/.exec(ended.stdout) ?? []
    assert.ok(token, ended.stdout)
    const post = (name: string, body: object) =>
      fetch(`${server.url}/auth/${name}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
    const password = 'a password after the lost one'
    assert.equal((await post('password/reset', { token, password })).status, 204)
    assert.equal((await post('sign_in', { email: 'admin@example.com', password })).status, 200)
    assert.equal((await post('password/reset', { token, password })).status, 422)
  })

  it('refuses an address of nobody, and explains itself without an address', async (t) => {
    const data = await copyData(t)
    const nobody = await runProgram(['password', 'nobody@example.com'], { data })
    assertFailed(nobody, /^No user has the address nobody@example\.com\.$/m)
    assertFailed(await runProgram(['password'], { data }), /^Usage: ndoto password ADDRESS$/m)
  })
})

describe('ndoto token create', concurrently, () => {
  const create = (data: string, ...options: string[]) =>
    runProgram(['token', 'create', '--email', 'admin@example.com', ...options], { data })

  it('prints only a token, which works at once on the running server', async () => {
    const server = await startShared()
    const ended = await create(sharedData, '--name', 'a program')
    assertSucceeded(ended)
    assert.match(ended.stdout, /^\S{40,}\n$/)
    const token = ended.stdout.trim()
    assert.equal((await call(server, path, { token })).status, 200)
    const body = { content: 'by a program', message_type: 'outgoing' }
    assert.equal((await call(server, path, { token, body })).status, 201)
    const stored = readDatabase(join(sharedData, 'ndoto.db'), (database) =>
      database.prepare(`select * from access_tokens where name = 'a program'`).all(),
    )
    assert.equal(stored.length, 1)
    assert.equal(stored[0]!.expires_at, null)
    assert.ok(!JSON.stringify(stored).includes(token))
  })

  it('requires --account for a user of several accounts', async (t) => {
    const data = await copyData(t)
    const file = new DatabaseSync(join(data, 'ndoto.db'))
    file.exec(`insert into accounts (id, name, created_at, updated_at) values (2, 'Second', 1, 1);
      insert into account_users (account_id, user_id, role, created_at) values (2, 1, 'agent', 1)`)
    file.close()
    assertFailed(await create(data), /--account must be an account of the user: 1, 2\./)
    assertFailed(await create(data, '--account', '3'), /--account must be an account of the user: 1, 2\./)
    assertSucceeded(await create(data, '--account', '2', '--name', 'of the second'))
    const memberships = readDatabase(join(data, 'ndoto.db'), (database) =>
      database
        .prepare(`select m.account_id from token_memberships m join access_tokens t on t.id = m.token_id
          where t.name = 'of the second'`)
        .all(),
    )
    assert.deepEqual(
      memberships.map(({ account_id }) => account_id),
      [2],
    )
  })

  it('creates a token with only the scopes of --scopes', async () => {
    const server = await startShared()
    const body = { content: 'hello', message_type: 'outgoing' }
    for (const [scopes, writes] of [
      ['read', 403],
      ['read,write', 201],
    ] as const) {
      const { stdout } = await create(sharedData, '--scopes', scopes)
      const token = stdout.trim()
      assert.equal((await call(server, path, { token })).status, 200)
      assert.equal((await call(server, path, { token, body })).status, writes)
    }
  })

  it('creates a token that expires after --days', async (t) => {
    const server = await startShared()
    const before = Date.now()
    const token = (await create(sharedData, '--days', '2', '--name', 'short')).stdout.trim()
    assert.equal((await call(server, path, { token })).status, 200)
    const file = new DatabaseSync(join(sharedData, 'ndoto.db'), { timeout: 5000 })
    t.after(() => file.close())
    const { expires_at } = file.prepare(`select expires_at from access_tokens where name = 'short'`).get()!
    const days = 24 * 60 * 60 * 1000
    assert.ok(Number(expires_at) >= before + 2 * days && Number(expires_at) <= Date.now() + 2 * days)
    file
      .prepare(`update access_tokens set expires_at = expires_at - ? where name = 'short'`)
      .run(2 * days + 60_000)
    assert.equal((await call(server, path, { token })).status, 401)
  })

  it('explains what is wrong with its arguments, and changes nothing', async (t) => {
    const data = await copyData(t)
    const empty = temporaryDirectory(t)
    const cases: [string, RegExp][] = [
      [
        'create --email admin@example.com --scopes read,root',
        /--scopes: "root" is not one of read, write, admin\./,
      ],
      ['create --email admin@example.com --days 0', /--days must be a whole number from 1/],
      ['create --email admin@example.com --days soon', /--days must be a whole number from 1/],
      ['create --email who@example.com', /--email: no user has the address who@example\.com/],
      ['create', /^Usage: ndoto token create --email/],
      ['delete --email admin@example.com', /^Usage: ndoto token create --email/],
    ]
    const ended = await runAll(
      data,
      cases.map(([words]) => ['token', ...words.split(' ')]),
    )
    for (const [index, [, sentence]] of cases.entries()) assertFailed(ended[index]!, sentence)
    assertFailed(await create(empty), /does not exist.+DATA_DIR/)
    const count = readDatabase(join(data, 'ndoto.db'), (database) =>
      database.prepare('select count(*) as count from access_tokens').get(),
    )
    assert.equal(count!.count, 1)
    assert.deepEqual(readdirSync(empty), [])
  })
})

describe('ndoto doctor', concurrently, () => {
  const doctor = (data: string, environment: Record<string, string> = {}) =>
    runProgram(['doctor'], { data, environment: { PORT: '3000', ...environment } })

  /** The problems that the doctor reports, each followed by what to do. */
  const problems = ({ stdout }: ProcessResult) =>
    [...stdout.matchAll(/^✗ (.+)\n {2}→ (.+)$/gm)].map(([, text]) => text!)

  function fingerprints(directory: string): Record<string, string> {
    // Reading a database creates an index of its log, and an empty log if there is none.
    const isIndex = (file: string) => file.endsWith('-shm')
    const isEmptyLog = (file: string) => file.endsWith('-wal') && statSync(join(directory, file)).size === 0
    const files = readdirSync(directory).filter((file) => !isIndex(file) && !isEmptyLog(file))
    return Object.fromEntries(
      files.map((file) => [
        file,
        createHash('sha256')
          .update(readFileSync(join(directory, file)))
          .digest('hex'),
      ]),
    )
  }

  function overwrite(file: string, from: number, to: number): void {
    writeSync(openSync(file, 'r+'), Buffer.alloc(to - from, '?garbage'), 0, to - from, from)
  }

  it('names the events that were given up', async (t) => {
    const data = await copyData(t)
    const database = new DatabaseSync(join(data, 'ndoto.db'))
    database.exec(`insert into parked_events values (1, 'search', 7, 'Error: a bug', 1)`)
    database.close()
    const ended = await doctor(data)
    assertSucceeded(ended)
    assert.match(
      ended.stdout,
      /given up: 1, the last one by "search": event 7 of account 1 \(Error: a bug\)$/m,
    )
  })

  it('finds no problem with a running server', async () => {
    const server = await startShared()
    const ended = await doctor(sharedData, { PORT: new URL(server.url).port })
    assertSucceeded(ended)
    assert.deepEqual(problems(ended), [])
    for (const sentence of [
      /^✓ Ndoto \d+\.\d+\.\d+ on Node \d+/m,
      /^✓ .+GiB free/m,
      /^✓ database format \d+, the newest$/m,
      /^✓ the secrets in the database are encrypted with the key in .+secret\.key$/m,
      /^✓ the database is intact$/m,
      new RegExp(`^✓ a server uses this data and is reachable at ${server.url}/health$`, 'm'),
    ]) {
      assert.match(ended.stdout, sentence)
    }
    assert.ok(ended.stdout.includes(sharedData))
  })

  it('finds no problem with the data of a stopped server, and notes that no server runs', async (t) => {
    const ended = await doctor(await copyData(t))
    assertSucceeded(ended)
    assert.deepEqual(problems(ended), [])
    assert.match(ended.stdout, /^✓ the database is intact$/m)
    assert.match(ended.stdout, /^· no server uses this data$/m)
  })

  it('notes that there is no database yet, and creates none', async (t) => {
    const data = join(temporaryDirectory(t), 'later')
    const ended = await runProgram(['doctor'], { data, cwd: '/' })
    assertSucceeded(ended)
    assert.deepEqual(problems(ended), [])
    assert.match(ended.stdout, /^· no database in .+ yet$/m)
    assert.equal(existsSync(data), false)
  })

  it('reports a server that does not respond at the configured address', async () => {
    await startShared()
    const ended = await doctor(sharedData, { PORT: String(await freePort()) })
    assert.equal(ended.code, 1)
    assert.equal(problems(ended).length, 1)
    assert.match(problems(ended)[0]!, /^a server uses this data, but http.+ is not reachable$/)
  })

  it('reports a database of a newer version, and does not change it', async (t) => {
    const data = await copyData(t)
    const file = new DatabaseSync(join(data, 'ndoto.db'))
    file.exec(`insert into migrations values (999, 'from the future', 1)`)
    file.close()
    const before = fingerprints(data)
    const ended = await doctor(data)
    assert.equal(ended.code, 1)
    assert.equal(problems(ended).length, 1)
    assert.match(problems(ended)[0]!, /^database format 999, but this version supports formats up to \d+$/)
    assert.deepEqual(fingerprints(data), before)
  })

  it('reports damaged pages, and does not change them', async (t) => {
    const data = await copyData(t)
    overwrite(join(data, 'ndoto.db'), 4096 * 4, 4096 * 20)
    const before = fingerprints(data)
    const ended = await doctor(data)
    assert.equal(ended.code, 1)
    assert.ok(problems(ended).length > 0)
    assert.match(ended.stdout, /damaged/)
    assert.match(ended.stdout, /backup/)
    assertNoStack(ended.stdout + ended.stderr)
    assert.deepEqual(fingerprints(data), before)
  })

  it('reports a damaged first page', async (t) => {
    const data = await copyData(t)
    overwrite(join(data, 'ndoto.db'), 0, 4096)
    const ended = await doctor(data)
    assert.equal(ended.code, 1)
    assert.match(problems(ended)[0]!, /ndoto\.db cannot be opened: file is not a database/)
    assertNoStack(ended.stdout + ended.stderr)
  })

  it('changes nothing in the data after a crash, including the log that has not been applied', async (t) => {
    const data = temporaryDirectory(t)
    const server = await startProgram(t, { data })
    await postMessage(server, 'in the log only')
    server.kill('SIGKILL')
    await server.ended
    const before = fingerprints(data)
    assert.ok('ndoto.db-wal' in before)
    assertSucceeded(await doctor(data))
    assert.deepEqual(fingerprints(data), before)
    const next = await startProgram(t, { data })
    assert.equal((await listMessages(next)).at(-1)!.content, 'in the log only')
  })

  it('reports each wrong setting, and prints no secret', async (t) => {
    const ended = await doctor(temporaryDirectory(t), {
      PORT: 'x',
      LOG_LEVEL: 'loud',
      NDOTO_ADMIN_PASSWORD: 'hunter2',
    })
    assert.equal(ended.code, 1)
    assert.equal(problems(ended).length, 3)
    for (const name of ['PORT', 'LOG_LEVEL', 'NDOTO_ADMIN_PASSWORD']) {
      assert.ok(problems(ended).some((text) => text.startsWith(`${name} `)))
    }
    assert.ok(!ended.stdout.includes('hunter2'))
  })

  it('advises encryption if other machines can connect without it', async (t) => {
    const data = temporaryDirectory(t)
    const open = await doctor(data, { HOST: '0.0.0.0' })
    assertSucceeded(open)
    assert.match(open.stdout, /^· HOST=0\.0\.0\.0 lets other machines connect/m)
    const behind = await doctor(data, { HOST: '0.0.0.0', PUBLIC_URL: 'https://chat.example.com' })
    assert.doesNotMatch(behind.stdout, /lets other machines connect/)
  })
})

describe('The command line', concurrently, () => {
  const commands = ['start', 'backup', 'copy', 'token', 'rotate-key', 'doctor', 'openapi']
  const { version } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8'))

  it('lists its commands without arguments, for help and for --help', async (t) => {
    const data = temporaryDirectory(t)
    for (const ended of await runAll(data, [[], ['help'], ['--help'], ['-h']])) {
      assertSucceeded(ended)
      assert.match(ended.stdout, /^Usage: ndoto COMMAND/)
      for (const command of commands) assert.match(ended.stdout, new RegExp(`^  ${command} +\\S`, 'm'))
    }
  })

  it('explains each command for --help and -h, and does nothing else', async (t) => {
    const data = temporaryDirectory(t)
    const lines = commands.flatMap((command) => ['--help', '-h'].map((option) => [command, option]))
    for (const [index, ended] of (await runAll(data, lines)).entries()) {
      assertSucceeded(ended)
      assert.ok(ended.stdout.startsWith(`Usage: ndoto ${lines[index]![0]}`), ended.stdout)
    }
    assert.deepEqual(readdirSync(data), [])
  })

  it('refuses unknown options and extra arguments of a command, and shows its usage', async (t) => {
    const data = temporaryDirectory(t)
    const wrong = [['--no-such-option'], ['one', 'word', 'too', 'many']]
    const lines = commands.flatMap((command) => wrong.map((words) => [command, ...words]))
    for (const [index, ended] of (await runAll(data, lines)).entries()) {
      const [command, word] = lines[index]!
      assertFailed(ended, new RegExp(`^Usage: ndoto ${command}`, 'm'))
      if (word === '--no-such-option') assert.match(ended.stderr, /--no-such-option/)
    }
    assert.deepEqual(readdirSync(data), [])
  })

  it('refuses an unknown command, and lists the commands', async (t) => {
    const names = ['strat', 'toString', '--no-such-option']
    const all = await runAll(
      temporaryDirectory(t),
      names.map((name) => [name]),
    )
    for (const [index, ended] of all.entries()) {
      assertFailed(ended, /^Usage: ndoto COMMAND/m)
      assert.ok(ended.stderr.includes(`"${names[index]}"`))
    }
  })

  it('prints its version', async (t) => {
    const ended = await runProgram(['--version'], { data: temporaryDirectory(t) })
    assertSucceeded(ended)
    assert.equal(ended.stdout, `${version}\n`)
  })

  it('prints the same OpenAPI document that the server serves', async (t) => {
    const data = temporaryDirectory(t)
    const ended = await runProgram(['openapi'], { data })
    assertSucceeded(ended)
    assert.deepEqual(readdirSync(data), [])
    const server = await startShared()
    assert.deepEqual(JSON.parse(ended.stdout), await (await fetch(`${server.url}/openapi.json`)).json())
  })
})

describe('The program, run by an old version of Node.js,', () => {
  const old = oldNode()
  const skip = old ? false : 'requires a Node.js in the PATH that is too old'

  it('runs with the Node.js of the project, and passes on its output and exit code', {
    skip,
  }, async (t) => {
    const data = temporaryDirectory(t)
    const run = (...args: string[]) => runProgram([], { data, command: [old!, program, ...args] })
    const [good, wrong] = await Promise.all([run('doctor'), run('strat')])
    assertSucceeded(good)
    assert.match(good.stdout, new RegExp(`on Node ${process.versions.node.replaceAll('.', '\\.')}$`, 'm'))
    assertFailed(wrong, /There is no command "strat"/)
  })

  it('starts a server that SIGTERM stops', { skip }, async (t) => {
    const data = temporaryDirectory(t)
    const server = await startProgram(t, { data, command: [old!, program, 'start'] })
    assert.equal((await postMessage(server, 'hello')).status, 201)
    server.kill('SIGTERM')
    assert.equal((await server.ended).code, 0)
    await assert.rejects(fetch(`${server.url}/health`))
    assertSound(join(data, 'ndoto.db'))
  })

  it('explains what to do if the project has no Node.js of its own', { skip }, async (t) => {
    const elsewhere = temporaryDirectory(t)
    mkdirSync(join(elsewhere, 'bin'))
    const copy = join(elsewhere, 'bin', 'ndoto.mjs')
    copyFileSync(program, copy)
    const start = () => runProgram([], { data: elsewhere, command: [old!, copy, 'start'] })
    const sentence = 'requires Node\\.js 24[\\d.]* or newer, but this is \\d+\\..+'
    assertFailed(await start(), new RegExp(`${sentence}without --omit=optional`, 's'))
    // A clone has sources.
    mkdirSync(join(elsewhere, 'src'))
    assertFailed(await start(), new RegExp(`${sentence}npm ci`, 's'))
  })
})
