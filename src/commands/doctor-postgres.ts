import { WrongDatabase } from '../db/migrate.ts'
import { type PoolerFacts, readServerFacts, type ServerFacts } from '../db/postgres-facts.ts'
import { type Finding, formatFinding } from './finding.ts'

const empty: Finding = { state: 'note', text: 'the database is empty', advice: 'npm start fills it' }

/** Looks at the PostgreSQL database that `url` names, without changing anything. */
export async function examinePostgres(url: string): Promise<Finding[]> {
  try {
    const facts = await readServerFacts(url)
    return [...server(facts), facts.format === 0 ? empty : formatFinding(facts.format)]
  } catch (error) {
    if (!(error instanceof WrongDatabase)) throw error
    return [{ state: 'bad', text: error.message }]
  }
}

function server(facts: ServerFacts): Finding[] {
  const { version, size, synchronousCommit, clockSeconds, statementTimeout } = facts
  return [
    {
      state: 'good',
      text: `PostgreSQL ${version} answers, UTF8, ${size}, statements are given up after ${statementTimeout} ms`,
    },
    synchronousCommit === 'off'
      ? {
          state: 'bad',
          text: 'synchronous_commit is off: a crash loses what was answered',
          advice: 'alter system set synchronous_commit = on; select pg_reload_conf()',
        }
      : { state: 'good', text: `synchronous_commit is ${synchronousCommit}` },
    clockSeconds > 2
      ? {
          state: 'note',
          text: `the clock of the server differs from this one by ${Math.round(clockSeconds)} s`,
          advice: 'let both machines set their clocks from the network (NTP)',
        }
      : { state: 'good', text: 'the clocks agree' },
    ...(facts.pooler ? pooler(facts.pooler) : [connections(facts)]),
  ]
}

function connections({ poolSize, maxConnections }: ServerFacts): Finding {
  if (poolSize + 1 > maxConnections - 3) {
    return {
      state: 'bad',
      text: `a server of ours opens ${poolSize + 1} connections, but max_connections is ${maxConnections}`,
      advice: 'lower pool_size in DATABASE_URL, or raise max_connections',
    }
  }
  const servers = Math.floor((maxConnections - 3) / (poolSize + 1))
  return { state: 'good', text: `max_connections ${maxConnections} is enough for ${servers} servers` }
}

function pooler({ address, unset, knowsPrepared }: PoolerFacts): Finding[] {
  const findings: Finding[] = [{ state: 'good', text: `the pooler at ${address} answers` }]
  if (!knowsPrepared) {
    findings.push({
      state: 'bad',
      text: 'the pooler does not know of prepared statements, so most requests fail unless its pool_mode is session',
      advice: 'set max_prepared_statements of PgBouncer 1.21 or newer to 200',
    })
  }
  if (unset.length > 0) {
    findings.push({
      state: 'note',
      text: `through the pooler these have not the values that they should: ${unset.join(', ')}`,
      advice: 'set them for the role as docs/scaling.md says, and RECONNECT the pooler',
    })
  }
  return findings
}
