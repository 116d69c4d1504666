import { accessSync, constants, existsSync, statfsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Config, ConfigError, localUrl, readConfig } from '../config.ts'
import { Connection } from '../db/connection.ts'
import { isLocked } from '../db/lock.ts'
import { databaseVersion } from '../db/migrate.ts'
import { newestVersion } from '../db/migrations.ts'
import { fileName } from '../db/sqlite.ts'
import { version } from '../version.ts'
import type { Command } from './command.ts'

interface Finding {
  state: 'good' | 'note' | 'bad'
  text: string
  /** What the operator should do. */
  advice?: string
}

const enoughDisk = 1024 ** 3
const marks = { good: '✓', note: '·', bad: '✗' }

export const doctorCommand: Command = {
  usage: 'doctor',
  summary: 'Check the settings, the disk, the database and the server, and say what to do',
  details: 'Changes nothing. Ends with 1 where something must be put right.',
  options: {},
  async run(_, words) {
    if (words.length > 0) return undefined
    const findings = await examine()
    for (const { state, text, advice } of findings) {
      process.stdout.write(`${marks[state]} ${text}\n${advice ? `  → ${advice}\n` : ''}`)
    }
    return findings.some(({ state }) => state === 'bad') ? 1 : 0
  },
}

async function examine(): Promise<Finding[]> {
  const program: Finding = { state: 'good', text: `Ndoto ${version} on Node ${process.versions.node}` }
  let config: Config
  try {
    config = readConfig()
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    const bad = error.message.split('\n').map((text): Finding => ({ state: 'bad', text }))
    return [program, ...bad.map((one) => ({ ...one, advice: 'put it right in the environment or in .env' }))]
  }
  return [
    program,
    { state: 'good', text: `settings: data in ${config.dataDir}, public address ${config.publicUrl}` },
    ...address(config),
    ...directory(config.dataDir),
    ...database(config.dataDir),
    await server(config),
  ]
}

function address({ host, publicUrl }: Config): Finding[] {
  const isLocal = ['127.0.0.1', '::1', 'localhost'].includes(host)
  if (isLocal || publicUrl.startsWith('https://')) return []
  return [
    {
      state: 'note',
      text: `HOST=${host} lets other machines connect, and what they send is not encrypted`,
      advice:
        'put a proxy with TLS in front, set PUBLIC_URL to its https:// address and TRUST_PROXY to its own',
    },
  ]
}

function directory(path: string): Finding[] {
  const existing = nearestExisting(path)
  try {
    accessSync(existing, constants.W_OK)
  } catch {
    const text = `${existing} cannot be written by this user`
    return [
      { state: 'bad', text, advice: 'give it to the user who runs Ndoto, or set DATA_DIR to another one' },
    ]
  }
  const { bavail, bsize } = statfsSync(existing)
  const free = bavail * bsize
  const text = `${(free / 1024 ** 3).toFixed(1)} GiB free on the disk of ${existing}`
  if (free >= enoughDisk) return [{ state: 'good', text }]
  return [{ state: 'bad', text, advice: 'make room: on a full disk every write is refused' }]
}

function nearestExisting(path: string): string {
  return existsSync(path) ? path : nearestExisting(dirname(path))
}

function database(path: string): Finding[] {
  const file = join(path, fileName)
  if (!existsSync(file)) {
    return [{ state: 'note', text: `no database in ${path} yet`, advice: 'npm start makes it' }]
  }
  try {
    const connection = new Connection(file, { readOnly: true })
    try {
      return [format(connection), integrity(connection)]
    } finally {
      connection.close()
    }
  } catch (error) {
    const cause = (error as Error).cause ?? error
    const text = `${file} cannot be opened: ${(cause as Error).message}`
    return [
      { state: 'bad', text, advice: 'check its owner and its disk; if it is damaged, go back to a backup' },
    ]
  }
}

function format(connection: Connection): Finding {
  const found = databaseVersion(connection)
  if (found === newestVersion) return { state: 'good', text: `database format ${found}, the newest` }
  if (found < newestVersion) {
    return { state: 'note', text: `database format ${found}: the next start brings it to ${newestVersion}` }
  }
  const text = `database format ${found}, but this version knows formats up to ${newestVersion}`
  return { state: 'bad', text, advice: 'start the newer Ndoto that made it, or go back to a backup' }
}

function integrity(connection: Connection): Finding {
  const damage = connection.findDamage()
  if (damage === undefined) return { state: 'good', text: 'database is sound' }
  return {
    state: 'bad',
    text: `database is damaged: ${damage}`,
    advice: 'stop the server and go back to a backup',
  }
}

async function server(config: Config): Promise<Finding> {
  const url = `${localUrl(config.host, config.port)}/health`
  if (!isLocked(config.dataDir))
    return { state: 'note', text: 'no server runs on this data', advice: 'npm start' }
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(3000) })
    if (response.ok) return { state: 'good', text: `a server runs on this data and answers at ${url}` }
    const text = `the server at ${url} answers ${response.status}`
    return { state: 'bad', text, advice: 'its log says why' }
  } catch {
    const text = `a server runs on this data, but nothing answers at ${url}`
    return {
      state: 'bad',
      text,
      advice: 'run this with the same HOST and PORT as the server; else see its log',
    }
  }
}
