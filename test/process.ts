import assert from 'node:assert/strict'
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import type { ApiResponse } from './app.ts'

/** The directory of the project. */
export const project = fileURLToPath(new URL('..', import.meta.url))
/** The file that `ndoto` runs. */
export const program = join(project, 'bin', 'ndoto.mjs')

/** The administrator's token on servers that are started here, unless a test sets `NDOTO_ADMIN_TOKEN`. */
export const token = 'a-token-that-only-tests-use'

/** A test context, or something else that calls `clean` at its end. */
export interface Scope {
  after(clean: () => unknown): void
}

export interface ProcessOptions {
  /** The data directory. */
  data: string
  /** Settings. An empty one counts as not set. */
  environment?: Record<string, string>
  /** The command to run instead of `node bin/ndoto.mjs ...`. */
  command?: string[]
  cwd?: string
  uid?: number
}

/** How a process ended, and its output. */
export interface ProcessResult {
  code: number | null
  signal: NodeJS.Signals | null
  stdout: string
  stderr: string
}

/** A server that is listening in another process. */
export interface ServerProcess {
  url: string
  pid: number
  /** Everything it has printed so far. */
  output(): string
  kill(signal?: NodeJS.Signals): void
  ended: Promise<ProcessResult>
}

const startDeadline = 60_000
const runDeadline = 90_000
const children = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL')
})

const cleanups = new WeakMap<Scope, (() => unknown)[]>()

/** Runs `clean` at the end of the test, in reverse order: a server stops before its data is removed. */
export function atEnd(scope: Scope, clean: () => unknown): void {
  const existing = cleanups.get(scope)
  if (existing) {
    existing.unshift(clean)
    return
  }
  const all = [clean]
  cleanups.set(scope, all)
  scope.after(async () => {
    for (const one of all) await one()
  })
}

/** Creates a directory that is removed at the end of the test. */
export function temporaryDirectory(scope: Scope): string {
  const directory = mkdtempSync(join(tmpdir(), 'ndoto-process-'))
  atEnd(scope, () => rmSync(directory, { recursive: true, force: true, maxRetries: 5 }))
  return directory
}

/** Runs the program with `args`, and waits for its end. Kills it after 90 seconds. */
export function runProgram(args: string[], options: ProcessOptions): Promise<ProcessResult> {
  const { child, ended } = launch({ command: [process.execPath, program, ...args], ...options })
  const deadline = setTimeout(() => child.kill('SIGKILL'), runDeadline)
  return ended.finally(() => clearTimeout(deadline))
}

/** Starts the server and waits until it listens. It is killed at the end of the test. Throws if it ends before. */
export async function startProgram(scope: Scope, options: ProcessOptions): Promise<ServerProcess> {
  const environment = { ...options.environment }
  // Servers on one database must have the same key.
  if (environment.DATABASE_URL) environment.NDOTO_SECRET_KEY ??= Buffer.alloc(32, 7).toString('base64')
  const command = [process.execPath, program, 'start']
  const { child, ended, output } = launch({ command, ...options, environment })
  atEnd(scope, async () => {
    child.kill('SIGKILL')
    await ended
  })
  const url = await new Promise<string>((resolve, reject) => {
    const findUrl = () => {
      const [, address] = /(?:Dashboard +|listens at )(http:\/\/[^\s/]+)/.exec(output()) ?? []
      if (address) resolve(address)
    }
    child.stdout!.on('data', findUrl)
    const fail = (reason: string) => reject(new Error(`the server did not start (${reason}): ${output()}`))
    setTimeout(fail, startDeadline, 'too slow').unref()
    ended.then(({ code }) => fail(`exit code ${code}`))
  })
  return { url, pid: child.pid!, output, ended, kill: (signal = 'SIGTERM') => child.kill(signal) }
}

/**
 * Returns a function that copies a data directory for a test. The directory is created at the first call: a server is
 * started, `fill` calls it, and it is stopped.
 */
export function createDataTemplate(
  scope: Scope,
  fill: (server: ServerProcess) => Promise<unknown> = listMessages,
): (test: Scope) => Promise<string> {
  const original = temporaryDirectory(scope)
  const create = async () => {
    const server = await startProgram(scope, { data: original })
    await fill(server)
    server.kill()
    const { code } = await server.ended
    assert.equal(code, 0, server.output())
  }
  let created: Promise<void> | undefined
  return async (test) => {
    created ??= create()
    await created
    const data = temporaryDirectory(test)
    cpSync(original, data, { recursive: true })
    return data
  }
}

function launch({ data, environment, command, cwd = data, uid }: ProcessOptions & { command: string[] }) {
  const child = spawn(command[0]!, command.slice(1), {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(uid === undefined ? {} : { uid, gid: uid }),
    env: {
      // No other variables: settings of this machine must not change a test.
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      PORT: '0',
      DATA_DIR: data,
      LOG_LEVEL: 'warn',
      NDOTO_RATE_LIMIT: 'off',
      NDOTO_ADMIN_TOKEN: token,
      // Reduces the time of a start by a third.
      NODE_COMPILE_CACHE: join(project, 'node_modules', '.cache', 'ndoto-tests'),
      ...environment,
    },
  })
  children.add(child)
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text
  })
  const ended = new Promise<ProcessResult>((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (code, signal) => {
      children.delete(child)
      const end = () => resolve({ code, signal, stdout, stderr })
      child.on('close', end)
      // A grandchild that outlives it may keep the output open forever.
      setTimeout(() => {
        child.stdout.destroy()
        child.stderr.destroy()
        end()
      }, 1000).unref()
    })
  })
  return { child, ended, output: () => stdout + stderr }
}

interface Call {
  method?: string
  body?: unknown
  headers?: Record<string, string>
  token?: string
}

/** Calls the API of account 1. Rejects if there is no complete response. */
export async function call(server: { url: string }, path: string, options: Call = {}): Promise<ApiResponse> {
  const { method = options.body === undefined ? 'GET' : 'POST', body, headers } = options
  const response = await fetch(`${server.url}/api/v1/accounts/1${path}`, {
    method,
    headers: {
      api_access_token: options.token ?? token,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.startsWith('application/json')
  return {
    status: response.status,
    headers: response.headers,
    body: isJson ? JSON.parse(text) : text,
  }
}

/** Sends a message to conversation 1. `key` is its Idempotency-Key. */
export function postMessage(server: { url: string }, content: string, key?: string): Promise<ApiResponse> {
  const body = { content, message_type: 'outgoing' }
  return call(server, '/conversations/1/messages', {
    body,
    headers: key === undefined ? {} : { 'idempotency-key': key },
  })
}

/** Returns all messages of conversation 1. */
export async function listMessages(server: {
  url: string
}): Promise<{ id: number; content: string; created_at: number }[]> {
  const { status, body } = await call(server, '/conversations/1/messages')
  assert.equal(status, 200)
  return body.payload
}

/** Why a test that runs these commands is skipped; false if the machine has all of them. */
export function skipWithoutCommands(...commands: string[]): string | false {
  const missing = commands.filter((command) => {
    try {
      execFileSync(command, ['--version'], { stdio: 'ignore' })
      return false
    } catch {
      return true
    }
  })
  return missing.length > 0 && `this machine has no ${missing.join(' and no ')}`
}

/** Returns a port that is not in use. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.on('listening', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** Calls `read` with a read-only connection to an SQLite file. */
export function readDatabase<T>(file: string, read: (database: DatabaseSync) => T): T {
  const database = new DatabaseSync(file, { readOnly: true })
  try {
    return read(database)
  } finally {
    database.close()
  }
}

/** Asserts that SQLite finds no damage in a file, and that all foreign keys refer to existing rows. */
export function assertSound(file: string): void {
  readDatabase(file, (database) => {
    assert.deepEqual(database.prepare('pragma integrity_check').all(), [
      Object.assign(Object.create(null), { integrity_check: 'ok' }),
    ])
    assert.deepEqual(database.prepare('pragma foreign_key_check').all(), [])
  })
}

/** Asserts that a command has ended with 0 and without errors. */
export function assertSucceeded({ code, stdout, stderr }: ProcessResult): void {
  assert.equal(code, 0, stdout + stderr)
  assert.equal(stderr, '')
}

/** Asserts that a command has ended with 1 and with an error that matches `sentence`. */
export function assertFailed({ code, stdout, stderr }: ProcessResult, sentence: RegExp): void {
  assert.equal(code, 1, stdout + stderr)
  assert.equal(stdout, '')
  assert.match(stderr, sentence)
  assertNoStack(stderr)
}

/** Asserts that an output contains no stack trace and no name of an error class. */
export function assertNoStack(text: string): void {
  assert.doesNotMatch(text, /^\s+at .+:\d+/m)
  assert.doesNotMatch(text, /\b(Type|Range|Syntax)?Error:/)
}

/** Returns a Node.js in the PATH of this machine that is too old for the program. */
export function oldNode(): string | undefined {
  const candidates = (process.env.PATH ?? '').split(delimiter).map((directory) => join(directory, 'node'))
  return candidates.find((file) => {
    if (!existsSync(file)) return false
    const major = /^v(\d+)\./.exec(execFileSync(file, ['--version'], { encoding: 'utf8' }))?.[1]
    return Number(major) < 24
  })
}
