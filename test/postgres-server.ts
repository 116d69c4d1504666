import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, existsSync, globSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { skipWithoutPostgres } from './databases.ts'
import { atEnd, freePort, type Scope, temporaryDirectory } from './process.ts'

/** A PostgreSQL server of a test's own, which may come to harm. */
export interface PostgresServer {
  /** Of an empty database. */
  url: string
  start(): Promise<void>
  /** As a crash: it neither finishes nor writes anything. */
  stop(): Promise<void>
  /** All its processes stand still, and the system still takes connections for them. */
  hang(): Promise<void>
  resume(): void
}

const binaries = findBinaries()
// The server refuses to run as root.
const owner: { uid?: number; gid?: number } | undefined = process.getuid?.() === 0 ? otherUser() : {}

/** Why a test that needs a server of its own is skipped; false where it can have one. */
export const skipWithoutInitdb =
  skipWithoutPostgres ||
  (!binaries && 'needs the programs initdb and postgres') ||
  (!owner && 'needs a user to run a PostgreSQL server as, for root must not')

const running = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of running) {
    child.kill('SIGQUIT')
    child.kill('SIGCONT')
  }
})

/** Makes a server and starts it; it is gone when the test is over. */
export async function startPostgresServer(scope: Scope, settings: string[] = []): Promise<PostgresServer> {
  const data = temporaryDirectory(scope)
  chownToPostgres(data)
  const environment = { PATH: process.env.PATH, LC_ALL: 'C' }
  const common = { ...owner, cwd: data, env: environment, stdio: 'ignore' } as const
  const plain = ['--username=postgres', '--auth=trust', '--encoding=UTF8', '--no-sync']
  execFileSync(join(binaries!, 'initdb'), ['-D', data, ...plain], common)
  const port = await freePort()
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`
  // What a crash of the server leaves is in the hands of the system: without syncing tests take half the time.
  const options = [`port=${port}`, 'listen_addresses=127.0.0.1', 'unix_socket_directories=', 'fsync=off']
  const args = [...options, ...settings].flatMap((option) => ['-c', option])
  let child: ChildProcess
  let observer: pg.Client | undefined
  let hung: number[] = []

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
      // It makes no new ones from here on.
      child.kill('SIGSTOP')
      const { rows } = await observer!.query('select pid from pg_stat_activity where pid <> pg_backend_pid()')
      const { rows: own } = await observer!.query('select pg_backend_pid() as pid')
      hung = [...rows, ...own].map(({ pid }) => pid)
      for (const pid of hung) process.kill(pid, 'SIGSTOP')
    },
    resume() {
      for (const pid of hung.splice(0)) process.kill(pid, 'SIGCONT')
      child.kill('SIGCONT')
    },
  }
  atEnd(scope, () => server.stop())
  await server.start()
  return server
}

/** Lets the server read what only its owner may. */
export function chownToPostgres(path: string): void {
  if (owner?.uid !== undefined) chownSync(path, owner.uid, owner.gid!)
}

function findBinaries(): string | undefined {
  const places = [
    ...globSync('/usr/lib/postgresql/*/bin'),
    ...globSync('/{usr/local,opt/homebrew}/opt/postgresql*/bin'),
    ...(process.env.PATH ?? '').split(':'),
  ]
  return places.find((place) => existsSync(join(place, 'initdb')) && existsSync(join(place, 'postgres')))
}

function otherUser(): { uid: number; gid: number } | undefined {
  for (const name of ['postgres', 'nobody']) {
    try {
      const id = (kind: string) => Number(execFileSync('id', [kind, name], { stdio: 'pipe' }))
      return { uid: id('-u'), gid: id('-g') }
    } catch {}
  }
  return undefined
}
