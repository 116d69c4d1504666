import assert from 'node:assert/strict'
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import type { ApiResponse } from './app.ts'

/** The folder of the project, and the program that its command line runs. */
export const project = fileURLToPath(new URL('..', import.meta.url))
export const program = join(project, 'bin', 'ndoto.mjs')

/** The administrator's on every server here, unless a test sets another `NDOTO_ADMIN_TOKEN`. */
export const token = 'a-token-that-only-tests-use'

/** A test, or what else says when it is over. */
export interface Scope {
  after(clean: () => unknown): void
}

export interface ProcessOptions {
  /** The data directory. */
  data: string
  /** Settings; an empty one is unset. */
  environment?: Record<string, string>
  /** Run instead of `node bin/ndoto.mjs ...`. */
  command?: string[]
  cwd?: string
  uid?: number
}

/** How a process ended, and what it said. */
export interface ProcessResult {
  code: number | null
  signal: NodeJS.Signals | null
  stdout: string
  stderr: string
}

/** A server in a process of its own, listening. */
export interface ServerProcess {
  url: string
  pid: number
  /** Everything it has printed. */
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

const cleanings = new WeakMap<Scope, (() => unknown)[]>()

/** Runs `clean` when the test is over; the last one comes first, so that a server ends before its data. */
export function atEnd(scope: Scope, clean: () => unknown): void {
  const known = cleanings.get(scope)
  if (known) {
    known.unshift(clean)
    return
  }
  const all = [clean]
  cleanings.set(scope, all)
  scope.after(async () => {
    for (const one of all) await one()
  })
}

/** A directory that is removed when the test is over. */
export function temporaryDirectory(scope: Scope): string {
  const directory = mkdtempSync(join(tmpdir(), 'ndoto-process-'))
  atEnd(scope, () => rmSync(directory, { recursive: true, force: true, maxRetries: 5 }))
  return directory
}

/** Runs the program with `args` to its end. */
export function runProgram(args: string[], options: ProcessOptions): Promise<ProcessResult> {
  const { child, ended } = launch({ command: [process.execPath, program, ...args], ...options })
  const deadline = setTimeout(() => child.kill('SIGKILL'), runDeadline)
  return ended.finally(() => clearTimeout(deadline))
}

/** Starts the server and waits until it listens; it is killed when the test is over. Throws where it ends instead. */
export async function startProgram(scope: Scope, options: ProcessOptions): Promise<ServerProcess> {
  const { child, ended, output } = launch({ command: [process.execPath, program, 'start'], ...options })
  atEnd(scope, async () => {
    child.kill('SIGKILL')
    await ended
  })
  const url = await new Promise<string>((resolve, reject) => {
    const findUrl = () => {
      const found = /(?:Dashboard +|listens at )(http:\S+)/.exec(output())
      if (found) resolve(found[1]!)
    }
    child.stdout!.on('data', findUrl)
    const fail = (why: string) => reject(new Error(`the server did not start (${why}): ${output()}`))
    setTimeout(fail, startDeadline, 'too slow').unref()
    ended.then(({ code }) => fail(`exit code ${code}`))
  })
  return { url, pid: child.pid!, output, ended, kill: (signal = 'SIGTERM') => child.kill(signal) }
}

/**
 * Makes data with a server of its own when it is first needed, and gives each test a copy: what the server has left
 * when it was stopped after `fill`.
 */
export function createDataTemplate(
  scope: Scope,
  fill: (server: ServerProcess) => Promise<unknown> = listMessages,
): (test: Scope) => Promise<string> {
  const original = temporaryDirectory(scope)
  const make = async () => {
    const server = await startProgram(scope, { data: original })
    await fill(server)
    server.kill()
    const { code } = await server.ended
    assert.equal(code, 0, server.output())
  }
  let made: Promise<void> | undefined
  return async (test) => {
    made ??= make()
    await made
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
      // Nothing else, so that no setting of the machine gets in.
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      PORT: '0',
      DATA_DIR: data,
      LOG_LEVEL: 'warn',
      NDOTO_RATE_LIMIT: 'off',
      NDOTO_ADMIN_TOKEN: token,
      // A start costs two thirds then, and there are many.
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
      // A child of its own that outlives it may hold its output open for ever.
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

/** Calls the API of account 1. Rejects where no whole answer comes. */
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

/** Sends a message to the first conversation; `key` is its Idempotency-Key. */
export function postMessage(server: { url: string }, content: string, key?: string): Promise<ApiResponse> {
  const body = { content, message_type: 'outgoing' }
  return call(server, '/conversations/1/messages', {
    body,
    headers: key === undefined ? {} : { 'idempotency-key': key },
  })
}

/** All messages of the first conversation. */
export async function listMessages(server: {
  url: string
}): Promise<{ id: number; content: string; created_at: number }[]> {
  const { status, body } = await call(server, '/conversations/1/messages')
  assert.equal(status, 200)
  return body.payload
}

/** Why a test must be skipped on a machine that lacks one of these commands; false where it has them all. */
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

/** A port that nobody listens on now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.on('listening', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** Looks into a database file with a connection of its own. */
export function readDatabase<T>(file: string, read: (database: DatabaseSync) => T): T {
  const database = new DatabaseSync(file, { readOnly: true })
  try {
    return read(database)
  } finally {
    database.close()
  }
}

/** Fails where SQLite finds the file damaged, or a reference in it that leads nowhere. */
export function assertSound(file: string): void {
  readDatabase(file, (database) => {
    assert.deepEqual(database.prepare('pragma integrity_check').all(), [
      Object.assign(Object.create(null), { integrity_check: 'ok' }),
    ])
    assert.deepEqual(database.prepare('pragma foreign_key_check').all(), [])
  })
}

/** Fails where a command has not done what it should. */
export function assertSucceeded({ code, stdout, stderr }: ProcessResult): void {
  assert.equal(code, 0, stdout + stderr)
  assert.equal(stderr, '')
}

/** Fails where a command was not refused with `sentence`. */
export function assertFailed({ code, stdout, stderr }: ProcessResult, sentence: RegExp): void {
  assert.equal(code, 1, stdout + stderr)
  assert.equal(stdout, '')
  assert.match(stderr, sentence)
  assertNoStack(stderr)
}

/** Fails where a person would see the inside of the program instead of a sentence. */
export function assertNoStack(text: string): void {
  assert.doesNotMatch(text, /^\s+at .+:\d+/m)
  assert.doesNotMatch(text, /\b(Type|Range|Syntax)?Error:/)
}
