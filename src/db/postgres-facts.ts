import type pg from 'pg'
import { postgresVersion } from './migrate-postgres.ts'
import { alone, settingsOf } from './postgres-pool.ts'

/** What an operator may want to know of a server, and of the database that a URL names. */
export interface ServerFacts {
  version: string
  synchronousCommit: string
  maxConnections: number
  /** How far its clock is from ours, in seconds; what the way there and back took is no difference. */
  clockSeconds: number
  /** With its unit. */
  size: string
  /** Of the database; 0 where it is empty. */
  format: number
  /** Of the URL: the connections of each server of ours, and after how many milliseconds a statement is given up. */
  poolSize: number
  statementTimeout: number
  pooler: PoolerFacts | undefined
}

/** What there is between us and the server. */
export interface PoolerFacts {
  /** `HOST:PORT`. */
  address: string
  /** Settings that a session of our own would have, and those through it have not. */
  unset: string[]
  /** Whether it knows which statements are prepared on which of its connections. */
  knowsPrepared: boolean
}

/** Looks without changing anything. Throws WrongDatabase where the server cannot be used. */
export async function readServerFacts(url: string): Promise<ServerFacts> {
  const pooler = await readPooler(url)
  return alone(url, async (client) => {
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
    }
  })
}

const check = 'ndoto_check'

async function readPooler(url: string): Promise<PoolerFacts | undefined> {
  const { pooler: address } = settingsOf(url)
  if (!address) return undefined
  const look = async (client: pg.Client): Promise<PoolerFacts> => {
    const { rows: settings } = await client.query(`select name from pg_settings where (name, setting) in (
      ('statement_timeout', '0'), ('idle_in_transaction_session_timeout', '0'), ('enable_seqscan', 'on'), ('jit', 'on'))
      order by name`)
    // Who knows them gives them names of its own.
    const { rows: names } = await client.query({
      name: check,
      text: `select from pg_prepared_statements where name = '${check}'`,
    })
    return { address, unset: settings.map(({ name }) => name), knowsPrepared: names.length === 0 }
  }
  return alone(url, look, 'pooler')
}
