import { type Filled, makeData } from './data.ts'
import { temporaryDirectory } from './directory.ts'
import { openLoad } from './load.ts'
import { count, type Report, show } from './report.ts'
import { compare, type Standing } from './rounds.ts'
import { call, startBare, startNdoto } from './servers.ts'

const rounds = 9
const least = 0.15
const goal = 0.5

/** A page of 20 messages against the same bytes from a bare Fastify route, with 32 connections. */
export async function measureList(): Promise<Report> {
  using directory = temporaryDirectory()
  using another = temporaryDirectory()
  const wanted = [{ messages: 100_000 }]
  const [conversation] = (await makeData(directory.path, wanted)) as [Filled]
  await makeData(another.path, wanted)
  await using server = await startNdoto(directory.path)
  await using logging = await startNdoto(another.path, { LOG_LEVEL: 'info' })
  const page = `?limit=20&before_id=${conversation.firstId + 50_000}`
  const text = await call(server, `/conversations/${conversation.id}/messages${page}`)
  await using bare = await startBare(text)

  const { token } = server
  const same = [conversation.path + page]
  const others = distinct(conversation)
  await using bareLoad = openLoad({ port: bare.port, paths: ['/'] })
  await using keptLoad = openLoad({ port: server.port, token, paths: same })
  await using freshLoad = openLoad({ port: server.port, token, paths: others })
  await using keptLogged = openLoad({ port: logging.port, token, paths: same })
  await using freshLogged = openLoad({ port: logging.port, token, paths: others })
  const standings = await compare(
    [
      { name: 'the bare route', run: bareLoad.run, pid: bare.pid },
      { name: 'a page asked for again and again', run: keptLoad.run, pid: server.pid },
      { name: 'each time another page', run: freshLoad.run, pid: server.pid },
      { name: 'again, each request logged', run: keptLogged.run, pid: logging.pid },
      { name: 'another, each request logged', run: freshLogged.run, pid: logging.pid },
    ],
    { rounds, seconds: 0.8 },
  )
  return report(standings, Buffer.byteLength(text))
}

/**
 * The page before each message but the first 20, far from one another: the same page comes again after almost 100,000
 * others, of which memory keeps 32 MiB.
 */
function distinct({ path, firstId, messages }: Filled): string[] {
  const shortPages = 20
  const pages = messages - shortPages
  const stride = 7919
  return Array.from({ length: pages }, (_, index) => {
    return `${path}?limit=20&before_id=${firstId + shortPages + ((index * stride) % pages)}`
  })
}

function report(standings: Standing[], bytes: number): Report {
  const rows = standings.map(({ name, perSecond, ratio, p99, cost }) => [
    name,
    count(perSecond),
    percent(ratio),
    `${p99.toFixed(1)} ms`,
    `${Math.round(cost)} µs`,
  ])
  const claims = standings.slice(1, 3).map(({ name, ratio }, index) => ({
    work: `\`GET messages?limit=20\`, ${name}, of the same bytes from a bare Fastify route`,
    measured: percent(ratio),
    goal: index === 0 ? `at least ${percent(least)}, better ${percent(goal)}` : 'none: it is the other end',
    met: index > 0 || ratio >= least,
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

if (import.meta.main) await show(measureList)
