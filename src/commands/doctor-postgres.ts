import { rewrittenTables, upgradeOf, WrongDatabase } from '../db/migrate.ts'
import { openPostgresAlongside } from '../db/postgres.ts'
import { type PoolerFacts, readServerFacts, readTableSizes, type ServerFacts } from '../db/postgres-facts.ts'
import { commandLine } from '../lib/program.ts'
import { migrations } from '../migrations.ts'
import type { KeyConfig } from '../secret-key.ts'
import { keyFinding } from './doctor-key.ts'
import { mailboxFindings } from './doctor-mailboxes.ts'
import { parkedFindings } from './doctor-parked.ts'
import { postgresUpgradeFindings } from './doctor-upgrade.ts'
import { type Finding, formatFinding, isNewest } from './finding.ts'

const empty: Finding = {
  state: 'note',
  text: 'the database is empty',
  advice: `${commandLine('start')} creates the first account`,
}

/** Checks the PostgreSQL database at `url`, without changing anything. */
export async function examinePostgres(
  config: KeyConfig & { backedUpFormat: number | undefined },
  url: string,
): Promise<Finding[]> {
  try {
    const facts = await readServerFacts(url)
    if (facts.format === 0) return [...serverFindings(facts), empty]
    const key = keyFinding(config, facts.secretKeys)
    const parked = isNewest(facts.format) ? await readParked(url) : []
    return [...serverFindings(facts), ...(await upgradeFindings(config, url, facts.format)), key, ...parked]
  } catch (error) {
    if (!(error instanceof WrongDatabase)) throw error
    return [{ state: 'bad', text: error.message }]
  }
}

async function upgradeFindings(
  { backedUpFormat }: { backedUpFormat: number | undefined },
  url: string,
  format: number,
): Promise<Finding[]> {
  const upgrade = upgradeOf(migrations, format)
  if (!upgrade) return [formatFinding(format)]
  const bytes = await readTableSizes(url, rewrittenTables(upgrade))
  return postgresUpgradeFindings(upgrade, bytes, backedUpFormat)
}

async function readParked(url: string): Promise<Finding[]> {
  const database = await openPostgresAlongside(url, migrations)
  try {
    return [...(await parkedFindings(database.read)), ...(await mailboxFindings(database.read))]
  } finally {
    await database.close()
  }
}

function serverFindings(facts: ServerFacts): Finding[] {
  const { version, size, synchronousCommit, clockSeconds, statementTimeout } = facts
  return [
    {
      state: 'good',
      text: `PostgreSQL ${version} is reachable, UTF8, ${size}, statements time out after ${statementTimeout} ms`,
    },
    synchronousCommit === 'off'
      ? {
          state: 'bad',
          text: 'synchronous_commit is off: a crash can lose messages that were sent',
          advice: 'alter system set synchronous_commit = on; select pg_reload_conf()',
        }
      : { state: 'good', text: `synchronous_commit is ${synchronousCommit}` },
    clockSeconds > 2
      ? {
          state: 'note',
          text: `the clock of the database server differs from this one by ${Math.round(clockSeconds)} s`,
          advice: 'synchronize the clocks of both machines (NTP)',
        }
      : { state: 'good', text: 'the clocks agree' },
    ...(facts.pooler ? poolerFindings(facts.pooler) : [connectionFinding(facts)]),
  ]
}

function connectionFinding({ poolSize, maxConnections }: ServerFacts): Finding {
  if (poolSize + 1 > maxConnections - 3) {
    return {
      state: 'bad',
      text: `an Ndoto server opens ${poolSize + 1} connections, but max_connections is ${maxConnections}`,
      advice: 'lower pool_size in DATABASE_URL, or raise max_connections',
    }
  }
  const servers = Math.floor((maxConnections - 3) / (poolSize + 1))
  return { state: 'good', text: `max_connections ${maxConnections} is enough for ${servers} servers` }
}

function poolerFindings({ address, unset, knowsPrepared }: PoolerFacts): Finding[] {
  const findings: Finding[] = [{ state: 'good', text: `the pooler at ${address} is reachable` }]
  if (!knowsPrepared) {
    findings.push({
      state: 'bad',
      text: 'the pooler does not support prepared statements, so most requests fail unless its pool_mode is session',
      advice: 'set max_prepared_statements of PgBouncer 1.21 or newer to 200',
    })
  }
  if (unset.length > 0) {
    findings.push({
      state: 'note',
      text: `connections through the pooler have wrong values of: ${unset.join(', ')}`,
      advice: 'set them for the role as described in docs/scaling.md, and run RECONNECT in the pooler',
    })
  }
  return findings
}
