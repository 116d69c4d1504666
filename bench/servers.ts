import { type ChildProcess, fork, spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { nextMessage, stop } from './load.ts'

/** A server in its own process. It is stopped at the end of the block that declares it with `await using`. */
export interface Server extends AsyncDisposable {
  port: number
  pid: number
  token: string
  /** From the start of the process to its first 200, in milliseconds. */
  startTime: number
}

const token = 'bench-0123456789abcdef0123456789abcdef'
const ownProgram = fileURLToPath(new URL('../bin/ndoto.mjs', import.meta.url))
// The first start takes well under a second, except on a busy machine.
const startTimeout = 30_000

// A benchmark that fails must not leave servers running.
const running = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of running) child.kill()
})

/**
 * Starts Ndoto with a data directory, like an operator. Its log is a file in that directory. `program` can be that of
 * another checkout.
 */
export async function startNdoto(
  directory: string,
  environment: Record<string, string> = {},
  program = ownProgram,
): Promise<Server> {
  const port = await freePort()
  const log = openSync(join(directory, 'ndoto.log'), 'a')
  const start = performance.now()
  const child = spawn(process.execPath, [...nodeOptions(), program, 'start'], {
    stdio: ['ignore', log, 'inherit'],
    env: {
      PATH: process.env.PATH,
      DATA_DIR: directory,
      PORT: String(port),
      NDOTO_ADMIN_TOKEN: token,
      NDOTO_RATE_LIMIT: 'off',
      LOG_LEVEL: 'warn',
      ...environment,
    },
  })
  closeSync(log)
  running.add(child)
  child.once('exit', () => running.delete(child))
  await untilHealthy(child, port)
  const startTime = performance.now() - start
  return { port, pid: child.pid!, token, startTime, [Symbol.asyncDispose]: () => stop(child) }
}

/** Starts a bare Fastify server whose only route, `GET /`, sends `page`. */
export async function startBare(page: string): Promise<{ port: number; pid: number } & AsyncDisposable> {
  const child = fork(new URL('bare-process.ts', import.meta.url))
  child.send(page)
  const port = (await nextMessage(child)) as number
  return { port, pid: child.pid!, [Symbol.asyncDispose]: () => stop(child) }
}

/** Calls the API of account 1 and returns the text of the response. Throws unless the status is 2xx. */
export async function call({ port, token }: Server, path: string, body?: object): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${port}/api/v1/accounts/1${path}`, {
    headers: { api_access_token: token, ...(body ? { 'content-type': 'application/json' } : {}) },
    ...(body ? { method: 'POST', body: JSON.stringify(body) } : {}),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`)
  return text
}

/** Reads a field such as `VmRSS` of a process, in MB; NaN if the system has no /proc. */
export function memory(pid: number, field: 'VmRSS' | 'VmHWM'): number {
  try {
    const text = readFileSync(`/proc/${pid}/status`, 'latin1')
    return (Number(new RegExp(`${field}:\\s+(\\d+) kB`).exec(text)?.[1]) * 1024) / 1e6
  } catch {
    return Number.NaN
  }
}

/** Returns the processor time that a process has used, in seconds; NaN if the system has no /proc. */
export function processorTime(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]!.split(' ')
    return (Number(fields[11]) + Number(fields[12])) / 100
  } catch {
    return Number.NaN
  }
}

async function untilHealthy(child: ChildProcess, port: number): Promise<void> {
  const deadline = performance.now() + startTimeout
  while (performance.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}`)
    const response = await fetch(`http://127.0.0.1:${port}/health`).catch(() => undefined)
    await response?.arrayBuffer()
    if (response?.status === 200) return
    await setTimeout(2)
  }
  throw new Error(`the server did not start within ${startTimeout / 1000} seconds`)
}

async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve))
  const { port } = probe.address() as { port: number }
  await new Promise((resolve) => probe.close(resolve))
  return port
}

/** The options of `npm start`, and those of SERVER_NODE_OPTIONS, such as `--cpu-prof --cpu-prof-dir=profiles`. */
function nodeOptions(): string[] {
  return ['--max-semi-space-size=8', ...(process.env.SERVER_NODE_OPTIONS?.split(' ') ?? [])]
}
