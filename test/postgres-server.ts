import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, existsSync, globSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { skipWithoutPostgres } from './databases.ts'
import { atEnd, freePort, type Scope, temporaryDirectory } from './process.ts'

/** A PostgreSQL server that belongs to one test, which may stop it. */
export interface PostgresServer {
  /** The URL of an empty database. */
  url: string
  start(): Promise<void>
  /** Stops it immediately, as a crash does. */
  stop(): Promise<void>
  /** Suspends all its processes. The operating system still accepts connections for them. */
  hang(): Promise<void>
  /** Ends hang(). */
  resume(): void
}

const binaries = findBinaries()
// The server refuses to run as root.
const owner: { uid?: number; gid?: number } | undefined = process.getuid?.() === 0 ? unprivilegedUser() : {}

/** Why a test that starts a server, on either engine, is skipped; false if one can be started. */
export const skipWithoutServer =
  (!binaries && 'requires the programs initdb and postgres') ||
  (!owner && 'requires the user postgres or nobody, because PostgreSQL refuses to run as root')

/** Why a test of PostgreSQL that requires its own server is skipped; false if one can be started. */
export const skipWithoutInitdb = skipWithoutPostgres || skipWithoutServer

const running = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of running) {
    child.kill('SIGQUIT')
    child.kill('SIGCONT')
  }
})

/** Starts a new server. It stops after the test. */
export async function startPostgresServer(scope: Scope, settings: string[] = []): Promise<PostgresServer> {
  const data = temporaryDirectory(scope)
  chownToPostgres(data)
  const environment = { PATH: process.env.PATH, LC_ALL: 'C' }
  const common = { ...owner, cwd: data, env: environment, stdio: 'ignore' } as const
  const options = ['--username=postgres', '--auth=trust', '--encoding=UTF8', '--no-sync']
  execFileSync(join(binaries!, 'initdb'), ['-D', data, ...options], common)
  const port = await freePort()
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`
  // A crash of the server is not a crash of the operating system, so nothing is lost without fsync. Tests take half the time.
  const defaults = [`port=${port}`, 'listen_addresses=127.0.0.1', 'unix_socket_directories=', 'fsync=off']
  const args = [...defaults, ...settings].flatMap((option) => ['-c', option])
  let child: ChildProcess
  let observer: pg.Client | undefined
  let suspended: number[] = []

  const server: PostgresServer = {
    url,
    async start() {
      child = spawn(join(binaries!, 'postgres'), ['-D', data, ...args], common)
      running.add(child)
      for (let tries = 1; ; tries++) {
        observer = new pg.Client({ connectionString: url, application_name: 'observer' })
        observer.on('error', () => {})
        try {
          await observer.connect()
          return
        } catch (error) {
          if (tries === 200 || child.exitCode !== null) throw error
          await sleep(50)
        }
      }
    },
    async stop() {
      server.resume()
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGQUIT')
        await once(child, 'exit')
      }
      running.delete(child)
    },
    async hang() {
      // The main process first: it starts the others.
      child.kill('SIGSTOP')
      const { rows } = await observer!.query('select pid from pg_stat_activity where pid <> pg_backend_pid()')
      const { rows: own } = await observer!.query('select pg_backend_pid() as pid')
      suspended = [...rows, ...own].map(({ pid }) => pid)
      for (const pid of suspended) process.kill(pid, 'SIGSTOP')
    },
    resume() {
      for (const pid of suspended.splice(0)) process.kill(pid, 'SIGCONT')
      child.kill('SIGCONT')
    },
  }
  atEnd(scope, () => server.stop())
  await server.start()
  return server
}

/** Makes the user that runs the server the owner of a file or directory. */
export function chownToPostgres(path: string): void {
  if (owner?.uid !== undefined) chownSync(path, owner.uid, owner.gid!)
}

function findBinaries(): string | undefined {
  const directories = [
    ...globSync('/usr/lib/postgresql/*/bin'),
    ...globSync('/{usr/local,opt/homebrew}/opt/postgresql*/bin'),
    ...(process.env.PATH ?? '').split(':'),
  ]
  return directories.find((one) => existsSync(join(one, 'initdb')) && existsSync(join(one, 'postgres')))
}

function unprivilegedUser(): { uid: number; gid: number } | undefined {
  for (const name of ['postgres', 'nobody']) {
    try {
      const id = (kind: string) => Number(execFileSync('id', [kind, name], { stdio: 'pipe' }))
      return { uid: id('-u'), gid: id('-g') }
    } catch {}
  }
  return undefined
}
