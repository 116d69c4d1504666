import type pg from 'pg'
import { postgresVersion } from './migrate-postgres.ts'
import { settingsOf, withConnection } from './postgres-pool.ts'
import { readSecretKeysOnPostgres } from './secret-keys.ts'
import type { SecretKeyRow } from './tables.ts'

/** Facts about a server and its database, for `ndoto doctor`. */
export interface ServerFacts {
  version: string
  synchronousCommit: string
  maxConnections: number
  /** The difference of its clock from this machine's, in seconds; 0 if the round trip can explain it. */
  clockSeconds: number
  /** With its unit. */
  size: string
  /** The format of the database; 0 if it is empty. */
  format: number
  /** Options of the URL: connections of each Ndoto server, and milliseconds after which a statement is canceled. */
  poolSize: number
  statementTimeout: number
  pooler: PoolerFacts | undefined
  /** The keys of the secrets in the database. */
  secretKeys: SecretKeyRow[]
}

/** Facts about the connection pooler in front of the server. */
export interface PoolerFacts {
  /** `HOST:PORT`. */
  address: string
  /** Settings that direct sessions have, but sessions through the pooler do not. */
  unset: string[]
  /** Whether it tracks which statements are prepared on which of its connections. */
  knowsPrepared: boolean
}

/** Reads facts about the server without changing anything. Throws WrongDatabase if it cannot be used. */
export async function readServerFacts(url: string): Promise<ServerFacts> {
  const pooler = await readPooler(url)
  return withConnection(url, async (client) => {
    const before = Date.now()
    const { rows } = await client.query(`select current_setting('server_version') as version,
      current_setting('synchronous_commit') as sync, current_setting('max_connections')::int as connections,
      extract(epoch from clock_timestamp())::float * 1000 as now,
      pg_size_pretty(pg_database_size(current_database())) as size`)
    const { version, sync, connections, now, size } = rows[0]
    const { poolSize, statementTimeout } = settingsOf(url)
    return {
      version,
      synchronousCommit: sync,
      maxConnections: connections,
      clockSeconds: Math.max(before - now, now - Date.now(), 0) / 1000,
      size,
      format: await postgresVersion(client),
      poolSize,
      statementTimeout,
      pooler,
      secretKeys: await readSecretKeysOnPostgres(client),
    }
  })
}

/** Returns the bytes that some tables take together, with their indexes. Tables that do not exist count nothing. */
export function readTableSizes(url: string, tables: readonly string[]): Promise<number> {
  return withConnection(url, async (client) => {
    const sum = 'select coalesce(sum(pg_total_relation_size(to_regclass(name))), 0)::float as bytes'
    const { rows } = await client.query(`${sum} from unnest($1::text[]) name`, [tables])
    return rows[0].bytes
  })
}

const checkName = 'ndoto_check'

async function readPooler(url: string): Promise<PoolerFacts | undefined> {
  const { pooler: address } = settingsOf(url)
  if (!address) return undefined
  const inspect = async (client: pg.Client): Promise<PoolerFacts> => {
    const { rows: settings } = await client.query(`select name from pg_settings where (name, setting) in (
      ('statement_timeout', '0'), ('idle_in_transaction_session_timeout', '0'), ('enable_seqscan', 'on'), ('jit', 'on'))
      order by name`)
    // A pooler that tracks prepared statements renames them.
    const { rows: names } = await client.query({
      name: checkName,
      text: `select from pg_prepared_statements where name = '${checkName}'`,
    })
    return { address, unset: settings.map(({ name }) => name), knowsPrepared: names.length === 0 }
  }
  return withConnection(url, inspect, 'pooler')
}
