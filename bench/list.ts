import { createData, type FilledConversation } from './data.ts'
import { temporaryDirectory } from './directory.ts'
import { openLoad } from './load.ts'
import { count, type Report, runBenchmark } from './report.ts'
import { compare, type Measurement } from './rounds.ts'
import { call, startBare, startNdoto } from './servers.ts'

const rounds = 9
const minimum = 0.15
const goal = 0.5

/** Compares a page of 20 messages with the same bytes from a bare Fastify route, over 32 connections. */
export async function measureList(): Promise<Report> {
  using directory = temporaryDirectory()
  using another = temporaryDirectory()
  const sizes = [{ messages: 100_000 }]
  const [conversation] = (await createData(directory.path, sizes)) as [FilledConversation]
  await createData(another.path, sizes)
  await using server = await startNdoto(directory.path)
  await using logging = await startNdoto(another.path, { LOG_LEVEL: 'info' })
  const page = `?limit=20&before_id=${conversation.firstId + 50_000}`
  const text = await call(server, `/conversations/${conversation.id}/messages${page}`)
  await using bare = await startBare(text)

  const { token } = server
  const same = [conversation.path + page]
  const others = distinct(conversation)
  await using bareLoad = openLoad({ port: bare.port, paths: ['/'] })
  await using cachedLoad = openLoad({ port: server.port, token, paths: same })
  await using uncachedLoad = openLoad({ port: server.port, token, paths: others })
  await using cachedLogged = openLoad({ port: logging.port, token, paths: same })
  await using uncachedLogged = openLoad({ port: logging.port, token, paths: others })
  const measurements = await compare(
    [
      { name: 'the bare route', run: bareLoad.run, pid: bare.pid },
      { name: 'the same page each time', run: cachedLoad.run, pid: server.pid },
      { name: 'another page each time', run: uncachedLoad.run, pid: server.pid },
      { name: 'the same page, each request logged', run: cachedLogged.run, pid: logging.pid },
      { name: 'another page, each request logged', run: uncachedLogged.run, pid: logging.pid },
    ],
    { rounds, seconds: 0.8 },
  )
  return report(measurements, Buffer.byteLength(text))
}

/**
 * The page before each message except the first 20, in an order that spreads them: a page is requested again after
 * almost 100,000 others, of which the cache holds 32 MiB.
 */
function distinct({ path, firstId, messages }: FilledConversation): string[] {
  const shortPages = 20
  const pages = messages - shortPages
  const stride = 7919
  return Array.from({ length: pages }, (_, index) => {
    return `${path}?limit=20&before_id=${firstId + shortPages + ((index * stride) % pages)}`
  })
}

function report(measurements: Measurement[], bytes: number): Report {
  const rows = measurements.map(({ name, perSecond, ratio, p99, cost }) => [
    name,
    count(perSecond),
    percent(ratio),
    `${p99.toFixed(1)} ms`,
    `${Math.round(cost)} µs`,
  ])
  const claims = measurements.slice(1, 3).map(({ name, ratio }, index) => ({
    work: `\`GET messages?limit=20\`, ${name}, of the same bytes from a bare Fastify route`,
    measured: percent(ratio),
    goal: index === 0 ? `at least ${percent(minimum)}, better ${percent(goal)}` : 'none, for comparison',
    met: index > 0 || ratio >= minimum,
  }))
  return {
    title: `List 20 messages: ${count(bytes)} bytes, 32 connections, medians of ${rounds} rounds`,
    table: [['', 'requests/s', 'of bare', 'p99', 'processor/request'], ...rows],
    claims,
  }
}

function percent(ratio: number): string {
  return `${Math.round(ratio * 100)}%`
}

if (import.meta.main) await runBenchmark(measureList)
