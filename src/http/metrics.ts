import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Config } from '../config.ts'
import type { Database } from '../db/database.ts'
import { Refusal } from '../lib/errors.ts'
import { isSameSecret } from '../lib/secrets.ts'

/** A gauge or counter, which is read at each request for the metrics. That must not cost more in larger accounts. */
export interface Reading {
  name: string
  help: string
  /** Whether it only grows. */
  isCounter?: boolean
  read: () => number | Promise<number>
}

/**
 * Serves `GET /metrics`: the process, the requests by route and status, the database, and `readings`, as Prometheus text.
 * Requires `token`, if there is one.
 */
export function exposeMetrics(
  app: FastifyInstance,
  { token }: Config['metrics'],
  database: Database,
  readings: readonly Reading[],
): void {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const registers = [registry]

  const durations = new Histogram({
    name: 'ndoto_http_request_duration_seconds',
    help: 'Time from the request to the end of its response.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers,
  })
  const addCounter = (name: string, help: string, read: Reading['read']) =>
    new Counter({
      name,
      help,
      registers,
      async collect() {
        const value = await readInTime(read)
        if (Number.isNaN(value)) return
        this.reset()
        this.inc(value)
      },
    })
  addCounter('ndoto_database_commits_total', 'Commits synced to disk.', () => database.stats().commits)
  addCounter(
    'ndoto_database_commit_seconds_total',
    'Time of commits. On PostgreSQL, commits of single statements are part of the time of queries instead.',
    () => database.stats().commitSeconds,
  )
  addCounter(
    'ndoto_database_transactions_total',
    'Transactions committed.',
    () => database.stats().transactions,
  )
  addCounter(
    'ndoto_database_transactions_failed_total',
    'Transactions rolled back.',
    () => database.stats().failedTransactions,
  )
  addCounter(
    'ndoto_database_queries_total',
    'Queries, inside and outside of transactions.',
    () => database.stats().queries,
  )
  addCounter(
    'ndoto_database_query_seconds_total',
    'Time of queries. On PostgreSQL it includes the round trip, and waiting for a connection.',
    () => database.stats().querySeconds,
  )
  const addGauge = ({ name, help, read }: Reading) =>
    new Gauge({
      name,
      help,
      registers,
      async collect() {
        this.set(await readInTime(read))
      },
    })
  addGauge({
    name: 'ndoto_database_queued',
    help: 'Transactions waiting for the writer (SQLite), or queries waiting for a connection (PostgreSQL).',
    read: () => database.stats().queued,
  })
  if (database.stats().longReads) {
    addGauge({
      name: 'ndoto_database_long_reads_running',
      help: 'Lists, searches and exports that threads are reading from SQLite.',
      read: () => database.stats().longReads!.running,
    })
    addGauge({
      name: 'ndoto_database_long_reads_queued',
      help: 'Lists, searches and exports that wait for such a thread.',
      read: () => database.stats().longReads!.queued,
    })
  }
  if (database.read.engine === 'postgres') {
    addGauge({
      name: 'ndoto_database_connections',
      help: 'Connections to the PostgreSQL server.',
      read: () => database.stats().connections!.open,
    })
    addGauge({
      name: 'ndoto_database_connections_in_use',
      help: 'Connections that run a query or hold a transaction.',
      read: () => database.stats().connections!.inUse,
    })
  }
  for (const reading of readings) {
    if (reading.isCounter) addCounter(reading.name, reading.help, reading.read)
    else addGauge(reading)
  }

  app.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'none'
    durations.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1000)
    done()
  })
  app.get(
    '/metrics',
    { schema: { hide: true }, config: { public: true, rateLimit: false } },
    async ({ headers }, reply) => {
      const sentToken = /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '')?.[1] ?? ''
      if (token !== undefined && !isSameSecret(sentToken, token)) {
        throw new Refusal('unauthenticated', 'send the METRICS_TOKEN of this server as a bearer token')
      }
      reply.type(registry.contentType)
      return registry.metrics()
    },
  )
}

// In milliseconds.
const patience = 500

/** The other metrics are needed most when the database does not respond, so they do not wait for it: NaN. */
async function readInTime(read: Reading['read']): Promise<number> {
  const value = read()
  if (typeof value === 'number') return value
  return Promise.race([value.catch(() => Number.NaN), sleep(patience, Number.NaN, { ref: false })])
}
