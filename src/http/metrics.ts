import type { FastifyInstance } from 'fastify'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Database } from '../db/database.ts'

/** `GET /metrics`: the process, the requests by route and status, and the database, as Prometheus text. */
export function exposeMetrics(app: FastifyInstance, database: Database): void {
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
  sum('ndoto_database_commit_seconds_total', 'Time spent in commits.', () => database.stats().commitSeconds)
  sum('ndoto_database_transactions_total', 'Transactions committed.', () => database.stats().transactions)
  sum(
    'ndoto_database_transactions_failed_total',
    'Transactions undone.',
    () => database.stats().failedTransactions,
  )
  new Gauge({
    name: 'ndoto_database_transactions_queued',
    help: 'Transactions waiting for their turn.',
    registers,
    collect() {
      this.set(database.stats().queued)
    },
  })

  app.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'none'
    durations.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1000)
    done()
  })
  app.get(
    '/metrics',
    { schema: { hide: true }, config: { public: true, rateLimit: false } },
    async (_, reply) => {
      reply.type(registry.contentType)
      return registry.metrics()
    },
  )
}
