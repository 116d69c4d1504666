import { type ChildProcess, fork } from 'node:child_process'
import { createDatabase, testDatabaseUrl } from '../test/databases.ts'
import { temporaryDirectory } from './directory.ts'
import { nextMessage, stop } from './load.ts'
import { count, type Report, runBenchmark } from './report.ts'
import { call, processorTime, type Server, startNdoto } from './servers.ts'
import { median } from './statistics.ts'

const deliveries = 10_000
const conversations = 200
const rounds = 3
const goal = 500

/** The result of a number of webhooks: medians of all rounds. */
interface Measurement {
  name: string
  webhooks: number
  perSecond: number
  /** Processor time of the server per delivery, including the posts, in microseconds. */
  cost: number
  /** Queries of the server per delivery, including those of the posts. */
  queries: number
}

/**
 * Measures 10,000 deliveries to a receiver on the same machine that responds at once, from the first post of a message
 * to the last delivery. Messages are in 200 conversations, for 10 webhooks and for one.
 */
export async function measureWebhooks(): Promise<Report> {
  const measurements = await measureOn('SQLite', {})
  if (testDatabaseUrl) {
    const { url, drop } = await createDatabase()
    measurements.push(...(await measureOn('PostgreSQL', { DATABASE_URL: url }).finally(drop)))
  }
  return {
    title: `Deliver ${count(deliveries)} events on one machine: medians of ${rounds} rounds`,
    table: [
      ['', 'deliveries/s', 'processor/delivery', 'queries/delivery'],
      ...measurements.map(({ name, perSecond, cost, queries }) => [
        name,
        count(perSecond),
        `${Math.round(cost)} µs`,
        queries.toFixed(1),
      ]),
    ],
    // With a single webhook, the posts are a large part of the work.
    claims: measurements
      .filter(({ webhooks }) => webhooks > 1)
      .map(({ name, perSecond }) => ({
        work: `Deliver ${count(deliveries)} events, ${name}`,
        measured: `${count(perSecond)} per second`,
        goal: `at least ${count(goal)} per second`,
        met: perSecond >= goal,
      })),
  }
}

async function measureOn(engine: string, environment: Record<string, string>): Promise<Measurement[]> {
  using directory = temporaryDirectory()
  const receiver = fork(new URL('receiver-process.ts', import.meta.url))
  try {
    const port = (await nextMessage(receiver)) as number
    await using server = await startNdoto(directory.path, {
      ...environment,
      NDOTO_WEBHOOK_ALLOW_PRIVATE: 'true',
    })
    const conversationIds = [1]
    while (conversationIds.length < conversations) {
      const conversation = await call(server, '/conversations', { inbox_id: 1, contact_id: 1 })
      conversationIds.push(JSON.parse(conversation).id)
    }
    const measure = async (webhooks: number) => {
      const webhookIds = await createWebhooks(server, `http://127.0.0.1:${port}/`, webhooks)
      const results: Drained[] = []
      for (let round = 0; round < rounds; round++) {
        results.push(await drain(server, receiver, conversationIds, webhooks))
      }
      for (const id of webhookIds) await removeWebhook(server, id)
      const of = (field: keyof Drained) => median(results.map((result) => result[field]))
      const name = `${engine}, ${webhooks === 1 ? 'one webhook' : `${webhooks} webhooks`}`
      return { name, webhooks, perSecond: of('perSecond'), cost: of('cost'), queries: of('queries') }
    }
    return [await measure(10), await measure(1)]
  } finally {
    await stop(receiver)
  }
}

type Drained = Pick<Measurement, 'perSecond' | 'cost' | 'queries'>

async function drain(
  server: Server,
  receiver: ChildProcess,
  conversationIds: number[],
  webhooks: number,
): Promise<Drained> {
  const message = { content: 'Thanks for reaching out!', message_type: 'outgoing' }
  const queue = Array.from(
    { length: deliveries / webhooks },
    (_, i) => conversationIds[i % conversationIds.length]!,
  )
  const [before, queriesBefore] = [processorTime(server.pid), await queriesOf(server)]
  receiver.send(deliveries)
  const done = nextMessage(receiver)
  const post = async () => {
    for (let id = queue.pop(); id; id = queue.pop()) {
      await call(server, `/conversations/${id}/messages`, message)
    }
  }
  await Promise.all(Array.from({ length: 16 }, post))
  const seconds = (await done) as number
  const cost = ((processorTime(server.pid) - before) / deliveries) * 1e6
  const queries = ((await queriesOf(server)) - queriesBefore) / deliveries
  return { perSecond: deliveries / seconds, cost, queries }
}

/** Returns the number of queries that a server has run since its start. */
async function queriesOf({ port }: Server): Promise<number> {
  const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
  return Number(/^ndoto_database_queries_total (\d+)$/m.exec(metrics)![1])
}

async function createWebhooks(server: Server, url: string, length: number): Promise<number[]> {
  const body = { url, subscriptions: ['message_created'] }
  const ids: number[] = []
  while (ids.length < length) ids.push(JSON.parse(await call(server, '/webhooks', body)).id)
  return ids
}

async function removeWebhook({ port, token }: Server, id: number): Promise<void> {
  await fetch(`http://127.0.0.1:${port}/api/v1/accounts/1/webhooks/${id}`, {
    method: 'DELETE',
    headers: { api_access_token: token },
  })
}

if (import.meta.main) await runBenchmark(measureWebhooks)
