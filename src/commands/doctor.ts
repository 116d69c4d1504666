import { accessSync, constants, existsSync, statfsSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Config, ConfigError, localUrl, readConfig } from '../config.ts'
import { Connection } from '../db/connection.ts'
import { isLocked } from '../db/lock.ts'
import { databaseVersion } from '../db/migrate.ts'
import { fileName } from '../db/sqlite.ts'
import { openFiles } from '../files/open.ts'
import { version } from '../version.ts'
import type { Command } from './command.ts'
import { examinePostgres } from './doctor-postgres.ts'
import { type Finding, formatFinding } from './finding.ts'

const enoughDisk = 1024 ** 3
// For the server's answer, in milliseconds; where its database hangs /health takes 3 seconds to say so.
const longestWait = 5000
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
  const { databaseUrl, dataDir, publicUrl, filesPublicUrl } = config
  const filesAddress = filesPublicUrl ? `, files at ${filesPublicUrl}` : ''
  return [
    program,
    { state: 'good', text: `settings: data in ${dataDir}, public address ${publicUrl}${filesAddress}` },
    ...address(config),
    ...directory(config),
    await files(config),
    ...(databaseUrl ? await examinePostgres(databaseUrl) : database(dataDir)),
    await (databaseUrl ? answer(config) : server(config)),
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

function directory({ dataDir, minFreeDisk }: Config): Finding[] {
  const existing = nearestExisting(dataDir)
  if (!statSync(existing).isDirectory()) {
    return [{ state: 'bad', text: `${existing} is not a directory`, advice: 'set DATA_DIR to a directory' }]
  }
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
  const text = `${gibibytes(free)} free on the disk of ${existing}`
  if (free < minFreeDisk) {
    const rule = `${text}, less than NDOTO_MIN_FREE_DISK (${gibibytes(minFreeDisk)})`
    return [{ state: 'bad', text: rule, advice: 'make room: until then files of messages are refused' }]
  }
  if (free >= enoughDisk) return [{ state: 'good', text }]
  return [{ state: 'bad', text, advice: 'make room: on a full disk every write is refused' }]
}

function gibibytes(bytes: number): string {
  return `${(bytes / 1024 ** 3).toFixed(1)} GiB`
}

async function files(config: Config): Promise<Finding> {
  const { dataDir, filesUrl, databaseUrl } = config
  const place = filesUrl ? 'the bucket of FILES_URL' : join(dataDir, 'files')
  try {
    await openFiles(config).storage.check()
    const shared = databaseUrl && !filesUrl ? ', which all servers on this database must share' : ''
    return { state: 'good', text: `files of messages go to ${place}${shared}` }
  } catch (error) {
    const text = `files of messages cannot be kept in ${place}: ${(error as Error).message}`
    const advice = filesUrl
      ? 'check the host, the bucket, the key and its secret in FILES_URL'
      : 'give it to the user who runs Ndoto'
    return { state: 'bad', text, advice }
  }
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
      return [formatFinding(databaseVersion(connection)), integrity(connection)]
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

function integrity(connection: Connection): Finding {
  const damage = connection.findDamage()
  if (damage === undefined) return { state: 'good', text: 'database is sound' }
  return {
    state: 'bad',
    text: `database is damaged: ${damage}`,
    advice: 'stop the server and go back to a backup',
  }
}

/** On PostgreSQL nobody knows whether a server should run here. */
async function answer(config: Config): Promise<Finding> {
  const { url, found } = await ask(config, 'a server answers at')
  return found ?? { state: 'note', text: `no server answers at ${url}`, advice: 'npm start' }
}

async function server(config: Config): Promise<Finding> {
  let locked: boolean
  try {
    locked = isLocked(config.dataDir)
  } catch (error) {
    return { state: 'bad', text: (error as Error).message }
  }
  if (!locked) return { state: 'note', text: 'no server runs on this data', advice: 'npm start' }
  const { url, found } = await ask(config, 'a server runs on this data and answers at')
  return (
    found ?? {
      state: 'bad',
      text: `a server runs on this data, but nothing answers at ${url}`,
      advice: 'run this with the same HOST and PORT as the server; else see its log',
    }
  )
}

/** What the server says of itself; nothing where none answers. */
async function ask({ host, port }: Config, good: string): Promise<{ url: string; found?: Finding }> {
  const url = `${localUrl(host, port)}/health`
  try {
    const { ok, status } = await fetch(url, { signal: AbortSignal.timeout(longestWait) })
    if (ok) return { url, found: { state: 'good', text: `${good} ${url}` } }
    const text = `the server at ${url} answers ${status}`
    return { url, found: { state: 'bad', text, advice: 'its log says why' } }
  } catch {
    return { url }
  }
}
