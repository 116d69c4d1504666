import { createData, type FilledConversation, message } from './data.ts'
import { temporaryDirectory } from './directory.ts'
import { type Load, type Outcome, openLoad } from './load.ts'
import { count, type Report, runBenchmark } from './report.ts'
import { memory, type Server, startNdoto } from './servers.ts'
import { median } from './statistics.ts'
import { type Reading, read } from './stream-reader.ts'

const messages = 100_000
const goal = 50
const seconds = 4

/** How streams are read while others work. */
interface Case {
  name: string
  streams: number
  /** Bytes per second that each reader reads. */
  speed?: number
}

const cases: Case[] = [
  { name: 'one stream', streams: 1 },
  { name: 'one stream again', streams: 1 },
  { name: '8 streams at once', streams: 8 },
  { name: '8 slow readers (1 MB/s)', streams: 8, speed: 1e6 },
]

interface Result {
  name: string
  /** Milliseconds from the request to the end of a stream; undefined if no stream was read to its end. */
  time: number | undefined
  megabytes: number
  /** The highest memory use of the process minus that before the first stream, in MB. */
  growth: number
  reads: Outcome
  writes: Outcome
}

/** Measures reading all 100,000 messages of a conversation: time, memory, and the effect on other requests. */
export async function measureStream(): Promise<Report> {
  using directory = temporaryDirectory()
  const [conversation] = (await createData(directory.path, [{ messages }])) as [FilledConversation]
  await using server = await startNdoto(directory.path)
  const other = '/api/v1/accounts/1/conversations/1/messages'
  const target = { port: server.port, token: server.token, connections: 2, pause: 2 }
  await using reads = openLoad({ ...target, paths: [`${other}?limit=20`] })
  const post = { method: 'POST' as const, body: JSON.stringify(message), status: 201 }
  await using writes = openLoad({ ...target, ...post, paths: [other] })
  await Promise.all([reads.run(3), writes.run(3)])

  const others: Others = { server, reads, writes, before: memory(server.pid, 'VmRSS') }
  const results = [await underLoad(others, 'none', async () => [])]
  for (const { name, streams, speed } of cases) {
    const stream = (stop: AbortSignal) =>
      Promise.all(Array.from({ length: streams }, () => read(server, conversation.path, { speed, stop })))
    results.push(await underLoad(others, name, stream))
  }
  return report(results)
}

interface Others {
  server: Server
  reads: Load
  writes: Load
  /** Memory of the server before the first stream, in MB. */
  before: number
}

/** Repeats streams while others read and write, and samples the memory of the process. */
async function underLoad(
  { server, reads, writes, before }: Others,
  name: string,
  stream: (stop: AbortSignal) => Promise<Reading[]>,
): Promise<Result> {
  let peak = 0
  const watch = setInterval(() => {
    peak = Math.max(peak, memory(server.pid, 'VmRSS'))
  }, 10)
  const stop = AbortSignal.timeout(seconds * 1000)
  const readings: Reading[] = []
  const streamAgain = async () => {
    do readings.push(...(await stream(stop)))
    while (!stop.aborted && readings.length > 0)
  }
  const [listed, posted] = await Promise.all([reads.run(seconds), writes.run(seconds), streamAgain()])
  clearInterval(watch)
  const whole = readings.filter(({ complete }) => complete)
  return {
    name,
    time: whole.length > 0 ? median(whole.map(({ time }) => time)) : undefined,
    megabytes: Math.max(0, ...readings.map(({ bytes }) => bytes / 1e6)),
    growth: peak - before,
    reads: listed,
    writes: posted,
  }
}

function report(results: Result[]): Report {
  const milliseconds = (value: number) => `${value.toFixed(1)} ms`
  const rows = results.map(({ name, time, megabytes, growth, reads, writes }) => [
    name,
    time === undefined ? '' : `${count(time)} ms`,
    megabytes === 0 ? '' : `${megabytes.toFixed(1)} MB`,
    `${growth.toFixed(1)} MB`,
    milliseconds(reads.p50),
    milliseconds(reads.p99),
    milliseconds(writes.p50),
    milliseconds(writes.p99),
  ])
  const worst = results.reduce((one, other) => (other.growth > one.growth ? other : one))
  return {
    title: `All ${count(messages)} messages of a conversation, while others list (2 connections) and post (2)`,
    table: [['streams', 'time', 'size', 'growth', 'list p50', 'list p99', 'post p50', 'post p99'], ...rows],
    claims: [
      {
        work: `All ${count(messages)} messages of a conversation, streamed: growth of the process (most: ${worst.name})`,
        measured: `${Math.round(worst.growth)} MB`,
        goal: `under ${goal} MB`,
        met: worst.growth < goal,
      },
    ],
  }
}

if (import.meta.main) await runBenchmark(measureStream)
