import type { FastifyInstance } from 'fastify'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Config } from '../config.ts'
import type { Database } from '../db/database.ts'
import { Refusal } from '../lib/errors.ts'
import { isSameSecret } from '../lib/secrets.ts'

/** A figure that goes up and down, read at each request for the metrics. */
export interface Reading {
  name: string
  help: string
  read: () => number | Promise<number>
}

/**
 * `GET /metrics`: the process, the requests by route and status, the database, and `readings`, as Prometheus text. For
 * those who send `token`, if there is one.
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
    help: 'Time from the request to the end of its answer.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers,
  })
  const sum = (name: string, help: string, read: () => number) =>
    new Counter({
      name,
      help,
      registers,
      collect() {
        this.reset()
        this.inc(read())
      },
    })
  sum('ndoto_database_commits_total', 'Commits synced to disk.', () => database.stats().commits)
  sum(
    'ndoto_database_commit_seconds_total',
    'Time spent in commits; on PostgreSQL without those of single statements, which are in the time of queries.',
    () => database.stats().commitSeconds,
  )
  sum('ndoto_database_transactions_total', 'Transactions committed.', () => database.stats().transactions)
  sum(
    'ndoto_database_transactions_failed_total',
    'Transactions undone.',
    () => database.stats().failedTransactions,
  )
  sum('ndoto_database_queries_total', 'Queries, on either side of a commit.', () => database.stats().queries)
  sum(
    'ndoto_database_query_seconds_total',
    'Time spent in queries: on PostgreSQL with the way there and back, and the wait for a connection.',
    () => database.stats().querySeconds,
  )
  const now = ({ name, help, read }: Reading) =>
    new Gauge({
      name,
      help,
      registers,
      async collect() {
        this.set(await read())
      },
    })
  now({
    name: 'ndoto_database_queued',
    help: 'What waits for its turn (SQLite) or for a connection (PostgreSQL).',
    read: () => database.stats().queued,
  })
  if (database.read.engine === 'postgres') {
    now({
      name: 'ndoto_database_connections',
      help: 'Connections to the server.',
      read: () => database.stats().connections!.open,
    })
    now({
      name: 'ndoto_database_connections_in_use',
      help: 'Connections that run a query or hold a transaction.',
      read: () => database.stats().connections!.inUse,
    })
  }
  for (const reading of readings) now(reading)

  app.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'none'
    durations.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1000)
    done()
  })
  app.get(
    '/metrics',
    { schema: { hide: true }, config: { public: true, rateLimit: false } },
    async ({ headers }, reply) => {
      const given = /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '')?.[1] ?? ''
      if (token !== undefined && !isSameSecret(given, token)) {
        throw new Refusal('unauthenticated', 'send the METRICS_TOKEN of this server as a bearer token')
      }
      reply.type(registry.contentType)
      return registry.metrics()
    },
  )
}
