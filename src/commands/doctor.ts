import { accessSync, constants, existsSync, statfsSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Config, ConfigError, localUrl, readConfig } from '../config.ts'
import { Connection } from '../db/connection.ts'
import { queriesOver } from '../db/dialect.ts'
import { isLocked } from '../db/lock.ts'
import { databaseVersion, upgradeOf } from '../db/migrate.ts'
import { readSecretKeys } from '../db/secret-keys.ts'
import { fileName } from '../db/sqlite.ts'
import { openFiles } from '../files/open.ts'
import { commandLine } from '../lib/program.ts'
import { sizeText } from '../lib/size-text.ts'
import { migrations } from '../migrations.ts'
import { version } from '../version.ts'
import type { Command } from './command.ts'
import { backupFindings } from './doctor-backup.ts'
import { keyFinding } from './doctor-key.ts'
import { mailboxFindings } from './doctor-mailboxes.ts'
import { parkedFindings } from './doctor-parked.ts'
import { examinePostgres } from './doctor-postgres.ts'
import { copyFindings, sqliteUpgradeFindings } from './doctor-upgrade.ts'
import { type Finding, formatFinding, isNewest } from './finding.ts'

const enoughDisk = 1024 ** 3
// Until the server responds, in milliseconds. If its database hangs, /health responds after 3 seconds.
const timeout = 5000
const marks = { good: '✓', note: '·', bad: '✗' }

export const doctorCommand: Command = {
  usage: 'doctor',
  summary: 'Check the settings, the disk, the database and the server',
  details: 'Changes nothing, and prints what to do. The exit code is 1 if there is a problem.',
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
    const advice = 'correct this setting, and run this again'
    return [program, ...error.message.split('\n').map((text): Finding => ({ state: 'bad', text, advice }))]
  }
  const { databaseUrl, dataDir, publicUrl, filesPublicUrl } = config
  const filesAddress = filesPublicUrl ? `, files at ${filesPublicUrl}` : ''
  return [
    program,
    { state: 'good', text: `settings: data in ${dataDir}, public address ${publicUrl}${filesAddress}` },
    ...addressFindings(config),
    ...directoryFindings(config),
    await filesFinding(config),
    ...(await backupFindings(config)),
    ...(databaseUrl ? await examinePostgres(config, databaseUrl) : await databaseFindings(config)),
    await (databaseUrl ? reachabilityFinding(config) : serverFinding(config)),
  ]
}

function addressFindings({ host, publicUrl }: Config): Finding[] {
  const isLocal = ['127.0.0.1', '::1', 'localhost'].includes(host)
  if (isLocal || publicUrl.startsWith('https://')) return []
  return [
    {
      state: 'note',
      text: `HOST=${host} lets other machines connect without encryption`,
      advice:
        'use a proxy with TLS, and set PUBLIC_URL to its https:// address and TRUST_PROXY to its IP address',
    },
  ]
}

function directoryFindings({ dataDir, minFreeDisk }: Config): Finding[] {
  const existing = nearestExisting(dataDir)
  if (!statSync(existing).isDirectory()) {
    return [{ state: 'bad', text: `${existing} is not a directory`, advice: 'set DATA_DIR to a directory' }]
  }
  try {
    accessSync(existing, constants.W_OK)
  } catch {
    const text = `this user cannot write to ${existing}`
    const advice = 'make the user who runs Ndoto its owner, or set DATA_DIR to another directory'
    return [{ state: 'bad', text, advice }]
  }
  const { bavail, bsize } = statfsSync(existing)
  const free = bavail * bsize
  const text = `${sizeText(free)} free on the disk of ${existing}`
  if (free < minFreeDisk) {
    const comparison = `${text}, less than NDOTO_MIN_FREE_DISK (${sizeText(minFreeDisk)})`
    return [{ state: 'bad', text: comparison, advice: 'free some space: files of messages are refused now' }]
  }
  if (free >= enoughDisk) return [{ state: 'good', text }]
  return [{ state: 'bad', text, advice: 'free some space: if the disk is full, messages are refused' }]
}

async function filesFinding(config: Config): Promise<Finding> {
  const { dataDir, filesUrl, databaseUrl } = config
  const target = filesUrl ? 'the bucket of FILES_URL' : join(dataDir, 'files')
  try {
    await openFiles(config).storage.check()
    const shared = databaseUrl && !filesUrl ? ', which all servers on this database must share' : ''
    return { state: 'good', text: `files of messages are stored in ${target}${shared}` }
  } catch (error) {
    const text = `files of messages cannot be stored in ${target}: ${(error as Error).message}`
    const advice = filesUrl
      ? 'check the host, the bucket, the key and its secret in FILES_URL'
      : 'make the user who runs Ndoto its owner'
    return { state: 'bad', text, advice }
  }
}

function nearestExisting(path: string): string {
  return existsSync(path) ? path : nearestExisting(dirname(path))
}

async function databaseFindings(config: Config): Promise<Finding[]> {
  const path = config.dataDir
  const file = join(path, fileName)
  if (!existsSync(file)) {
    return [
      { state: 'note', text: `no database in ${path} yet`, advice: `${commandLine('start')} creates it` },
    ]
  }
  try {
    const connection = new Connection(file, { readOnly: true })
    try {
      const format = databaseVersion(connection)
      const upgrade = upgradeOf(migrations, format)
      const queries = queriesOver('sqlite', new Map(), (sql, parameters) => connection.run(sql, parameters))
      const isCurrent = isNewest(format)
      const parked = isCurrent ? await parkedFindings(queries) : []
      const mailboxes = isCurrent ? await mailboxFindings(queries) : []
      return [
        ...(upgrade ? sqliteUpgradeFindings(path, upgrade, config.backedUpFormat) : [formatFinding(format)]),
        ...copyFindings(path),
        keyFinding(config, readSecretKeys(connection)),
        integrityFinding(connection),
        ...parked,
        ...mailboxes,
      ]
    } finally {
      connection.close()
    }
  } catch (error) {
    const cause = (error as Error).cause ?? error
    const text = `${file} cannot be opened: ${(cause as Error).message}`
    return [
      { state: 'bad', text, advice: 'check its owner and its disk; if it is damaged, restore a backup' },
    ]
  }
}

function integrityFinding(connection: Connection): Finding {
  const damage = connection.findDamage()
  if (damage === undefined) return { state: 'good', text: 'the database is intact' }
  return {
    state: 'bad',
    text: `the database is damaged: ${damage}`,
    advice: 'stop the server and restore a backup',
  }
}

/** With PostgreSQL there is no lock that shows whether a server should be running on this machine. */
async function reachabilityFinding(config: Config): Promise<Finding> {
  const { url, finding } = await checkHealth(config, 'a server runs at')
  return finding ?? { state: 'note', text: `no server runs at ${url}`, advice: commandLine('start') }
}

async function serverFinding(config: Config): Promise<Finding> {
  let locked: boolean
  try {
    locked = isLocked(config.dataDir)
  } catch (error) {
    return { state: 'bad', text: (error as Error).message }
  }
  if (!locked) return { state: 'note', text: 'no server uses this data', advice: commandLine('start') }
  const { url, finding } = await checkHealth(config, 'a server uses this data and is reachable at')
  return (
    finding ?? {
      state: 'bad',
      text: `a server uses this data, but ${url} is not reachable`,
      advice: 'run this with the same HOST and PORT as the server, or read its log',
    }
  )
}

/** Calls `/health`. Returns no finding if no server is reachable. */
async function checkHealth(
  { host, port }: Config,
  success: string,
): Promise<{ url: string; finding?: Finding }> {
  const url = `${localUrl(host, port)}/health`
  try {
    const { ok, status } = await fetch(url, { signal: AbortSignal.timeout(timeout) })
    if (ok) return { url, finding: { state: 'good', text: `${success} ${url}` } }
    const text = `the server at ${url} responds with ${status}`
    return { url, finding: { state: 'bad', text, advice: 'read its log for the reason' } }
  } catch {
    return { url }
  }
}
