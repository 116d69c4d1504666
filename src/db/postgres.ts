import { AsyncLocalStorage } from 'node:async_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { Refusal } from '../lib/errors.ts'
import type { SlotValues } from '../lib/slot.ts'
import type { Database, DatabaseStats, Nodes, Queries, Topic } from './database.ts'
import { queriesOver } from './dialect.ts'
import { Listeners } from './listeners.ts'
import { type BeforeUpgrade, type Migration, newestVersion, WrongDatabase } from './migrate.ts'
import { assertNewestPostgres, migratePostgres, postgresVersion } from './migrate-postgres.ts'
import { isRetryable, retriesExhausted } from './postgres-errors.ts'
import { nodeLock, noticeTime, PostgresListener } from './postgres-listener.ts'
import {
  type Connections,
  openPool,
  runInPool,
  runOnClient,
  settingsOf,
  withConnection,
} from './postgres-pool.ts'
import { begin, commit, rollback, unlessLost } from './postgres-transaction.ts'

/**
 * Connects to the server of `url` and migrates its database to the newest format. Throws WrongDatabase if the database
 * is newer or the server cannot be used, or what `beforeUpgrade` throws.
 */
export async function openPostgres(
  url: string,
  migrations: readonly Migration[],
  beforeUpgrade?: BeforeUpgrade,
): Promise<Database> {
  return open(url, migrations, (client) => migratePostgres(client, migrations, beforeUpgrade))
}

/**
 * Like `openPostgres`, but does not migrate, because nodes may be running. Throws WrongDatabase if the format differs.
 */
export async function openPostgresAlongside(
  url: string,
  migrations: readonly Migration[],
): Promise<Database> {
  return open(url, migrations, assertNewestPostgres)
}

async function open(
  url: string,
  migrations: readonly Migration[],
  prepare: (client: pg.Client, migrations: readonly Migration[]) => Promise<unknown>,
): Promise<Database> {
  // On its own connection, because a migration, or waiting for one of another node, may exceed the statement timeout.
  await withConnection(url, (client) => prepare(client, migrations))
  if (settingsOf(url).pooler) {
    await withConnection(url, (client) => assertSameDatabase(client, newestVersion(migrations)), 'pooler')
  }
  return new PostgresDatabase(openPool(url), url)
}

async function assertSameDatabase(client: pg.Client, version: number): Promise<void> {
  if ((await postgresVersion(client)) === version) return
  throw new WrongDatabase(
    'The pooler of DATABASE_URL connects to another database. Correct its [databases] section, or its address in DATABASE_URL.',
  )
}

// How often work is run before the request fails with 503.
const maxTries = 5
const topics: readonly Topic[] = ['ndoto_events', 'ndoto_signals']
const pingTimeout = 3000

class PostgresDatabase implements Database {
  readonly read: Queries
  readonly longReads: Queries
  readonly slots: SlotValues = new Map()
  readonly nodes: Nodes
  readonly #connections: Connections
  readonly #pool: pg.Pool
  readonly #url: string
  readonly #listeners = new Listeners()
  #listener: PostgresListener | undefined
  readonly #current = new AsyncLocalStorage<{ open: boolean }>()
  readonly #sums = {
    commits: 0,
    transactions: 0,
    failedTransactions: 0,
    commitSeconds: 0,
    queries: 0,
    querySeconds: 0,
  }
  #closed = false

  constructor(connections: Connections, url: string) {
    this.#connections = connections
    this.#pool = connections.pool
    this.#url = url
    this.read = queriesOver('postgres', this.slots, (...query) =>
      this.#retried(() => this.#timed(runInPool(this.#pool, ...query))),
    )
    // The server of the database does the work, so they hold up nothing here.
    this.longReads = this.read
    const session = () => this.#listener
    this.nodes = {
      get id() {
        return session()?.node ?? null
      },
      noticeTime,
      alive: () => this.#aliveNodes(),
      onLost: (listener) => this.#listeners.add('lost', listener),
    }
  }

  transaction<T>(accountId: number | null, work: (tx: Queries) => Promise<T>): Promise<T> {
    return this.#counted(() => this.#interactive(accountId ?? 0, work))
  }

  autocommit<T>(work: (tx: Queries) => Promise<T>): Promise<T> {
    return this.#counted(async () => {
      let ran = false
      const once = queriesOver('postgres', this.slots, (...query) => {
        if (ran) throw new Error('autocommit() runs a single statement: use transaction() instead')
        ran = true
        return this.#timed(runInPool(this.#pool, ...query))
      })
      const value = await work(once)
      if (ran) this.#sums.commits += 1
      return value
    })
  }

  snapshot<T>(work: (queries: Queries) => Promise<T>): Promise<T> {
    return withConnection(this.#url, async (client) => {
      await client.query('set idle_in_transaction_session_timeout = 0')
      await client.query('begin isolation level repeatable read read only')
      const value = await work(
        queriesOver('postgres', this.slots, (...query) => runOnClient(client, ...query)),
      )
      await client.query('commit')
      return value
    })
  }

  onCommit(listener: () => void): () => void {
    return this.#listeners.add('commit', listener)
  }

  async notify(topic: Topic, text: string): Promise<void> {
    await this.#timed(runInPool(this.#pool, 'select pg_notify($1, $2)', [topic, text], false))
  }

  listen(topic: Topic, listener: (text: string) => void): () => void {
    this.#listener ??= new PostgresListener({
      url: this.#url,
      topics,
      onNotification: (...args) => this.#listeners.call(...args),
      onLost: () => this.#listeners.call('lost', ''),
    })
    return this.#listeners.add(topic, listener)
  }

  async wipeErased(): Promise<void> {}

  async gatherStatistics(): Promise<void> {
    // Without VACUUM, queries that an index alone could answer also read the row of each entry.
    await withConnection(this.#url, (client) => client.query('vacuum (analyze)'))
  }

  async ping(): Promise<void> {
    const done = new AbortController()
    const timeout = sleep(pingTimeout, undefined, { signal: done.signal }).then(() => {
      throw new Refusal('unavailable', 'the database does not respond')
    })
    timeout.catch(() => {})
    try {
      await Promise.race([runInPool(this.#pool, 'select 1', [], false), timeout])
    } finally {
      done.abort()
    }
  }

  stats(): DatabaseStats {
    const { totalCount: open, idleCount, waitingCount } = this.#pool
    return { ...this.#sums, queued: waitingCount, connections: { open, inUse: open - idleCount } }
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#listener?.close()
    await this.#connections.close()
  }

  async #aliveNodes(): Promise<Set<number>> {
    const { rows } = await this.#timed(
      runInPool(
        this.#pool,
        `select objid::bigint as node from pg_locks where locktype = 'advisory' and granted and classid = $1
          and database = (select oid from pg_database where datname = current_database())`,
        [nodeLock],
        false,
      ),
    )
    return new Set((rows as { node: number }[]).map(({ node }) => node))
  }

  async #counted<T>(attempt: () => Promise<T>): Promise<T> {
    if (this.#current.getStore()?.open) {
      throw new Error('transactions cannot be nested: pass the outer one on instead')
    }
    try {
      const value = await this.#retried(attempt)
      this.#sums.transactions += 1
      this.#listeners.call('commit', '')
      return value
    } catch (error) {
      this.#sums.failedTransactions += 1
      throw error
    }
  }

  /** Runs `attempt` again if another writer has made it fail; then it has stored nothing. */
  async #retried<T>(attempt: () => Promise<T>): Promise<T> {
    if (this.#closed) throw new Refusal('unavailable', 'the server is shutting down')
    for (let tries = 1; ; tries++) {
      try {
        return await attempt()
      } catch (error) {
        if (!isRetryable(error)) throw error
        if (tries === maxTries) throw retriesExhausted(error)
        await sleep(Math.random() * 5 * tries)
      }
    }
  }

  async #interactive<T>(accountId: number, work: (tx: Queries) => Promise<T>): Promise<T> {
    const client = await this.#timed(begin(this.#pool, accountId))
    const current: { open: boolean; failure?: unknown } = { open: true }
    const tx = queriesOver('postgres', this.slots, async (...query) => {
      if (!current.open) {
        throw new Error('a query after the end of its transaction: something in it was not awaited')
      }
      // The server would refuse it too, with an error that does not say why.
      if (current.failure) throw current.failure
      try {
        return await this.#timed(runOnClient(client, ...query))
      } catch (error) {
        current.failure = error
        throw error
      }
    })
    try {
      const value = await unlessLost(
        client,
        this.#current.run(current, () => work(tx)),
      )
      current.open = false
      if (current.failure) throw current.failure
      await this.#commit(client)
      client.release()
      return value
    } catch (error) {
      current.open = false
      await rollback(client)
      throw error
    }
  }

  async #commit(client: pg.PoolClient): Promise<void> {
    const start = performance.now()
    await commit(client)
    this.#sums.commits += 1
    this.#sums.commitSeconds += (performance.now() - start) / 1000
  }

  async #timed<T>(query: Promise<T>): Promise<T> {
    const start = performance.now()
    try {
      return await query
    } finally {
      this.#sums.queries += 1
      this.#sums.querySeconds += (performance.now() - start) / 1000
    }
  }
}
