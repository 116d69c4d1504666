import { createData, message } from './data.ts'
import { temporaryDirectory } from './directory.ts'
import { openInserts } from './inserts.ts'
import { openLoad } from './load.ts'
import { count, type Report, runBenchmark } from './report.ts'
import { compare, type Measurement } from './rounds.ts'
import { startNdoto } from './servers.ts'

const rounds = 9
const goal = 1.5

/** Compares durable posts over 32 connections with a bare loop that inserts one row and syncs it at a time. */
export async function measurePost(): Promise<Report> {
  using directory = temporaryDirectory()
  using another = temporaryDirectory()
  await createData(directory.path, [])
  await createData(another.path, [])
  await using inserts = openInserts(directory.path)
  await using server = await startNdoto(directory.path)
  await using logging = await startNdoto(another.path, { LOG_LEVEL: 'info' })
  const target = {
    method: 'POST' as const,
    paths: ['/api/v1/accounts/1/conversations/1/messages'],
    token: server.token,
    body: JSON.stringify(message),
    status: 201,
  }
  await using posts = openLoad({ ...target, port: server.port })
  await using onePost = openLoad({ ...target, port: server.port, connections: 1 })
  await using logged = openLoad({ ...target, port: logging.port })
  const batches = { messages: 0, commits: 0 }
  const countedPosts = async (seconds: number) => {
    const before = await commits(server.port)
    const outcome = await posts.run(seconds)
    batches.messages += outcome.requests
    batches.commits += (await commits(server.port)) - before
    return outcome
  }
  const measurements = await compare(
    [
      { name: 'the bare loop', run: inserts.run, pid: inserts.pid },
      { name: 'posts, 32 connections', run: countedPosts, pid: server.pid },
      { name: 'posts, 32 connections, each logged', run: logged.run, pid: logging.pid },
      { name: 'posts, 1 connection', run: onePost.run, pid: server.pid },
    ],
    { rounds, seconds: 1 },
  )
  return report(measurements, batches.messages / batches.commits)
}

async function commits(port: number): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
  return Number(/^ndoto_database_commits_total (\S+)/m.exec(text)?.[1])
}

function report(measurements: Measurement[], batch: number): Report {
  const rows = measurements.map(({ name, perSecond, ratio, p99, cost }) => [
    name,
    count(perSecond),
    ratio.toFixed(2),
    `${p99.toFixed(1)} ms`,
    `${Math.round(cost)} µs`,
  ])
  const { ratio } = measurements[1]!
  return {
    title: `Post a message durably: medians of ${rounds} rounds; ${batch.toFixed(1)} messages per commit with 32 connections`,
    table: [['', 'messages/s', 'of the loop', 'p99', 'processor/message'], ...rows],
    claims: [
      {
        work: '`POST messages`, durable, 32 connections, of a bare loop of single inserts with a sync each',
        measured: `${ratio.toFixed(2)} times`,
        goal: `at least ${goal} times`,
        met: ratio >= goal,
      },
    ],
  }
}

if (import.meta.main) await runBenchmark(measurePost)
