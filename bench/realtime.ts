import { setTimeout } from 'node:timers/promises'
import { message } from './data.ts'
import { temporaryDirectory } from './directory.ts'
import { count, type Report, runBenchmark } from './report.ts'
import { call, memory, type Server, startNdoto } from './servers.ts'
import { type BareSockets, clock, openSockets, type Sockets, startBareSockets } from './sockets.ts'
import { median, percentile } from './statistics.ts'

const streams = 1000
const warmUp = 20
const rounds = 100
const pause = 50
const goal = 5

/** The times at which one event arrived at all streams, in milliseconds, sorted. */
type Arrivals = number[]

/** Measures sending an event to 1,000 open streams, compared with a bare loop, and the memory of a stream. */
export async function measureRealtime(): Promise<Report> {
  using directory = temporaryDirectory()
  await using server = await startNdoto(directory.path)
  await using bare = await startBareSockets()
  await call(server, '/conversations/1/messages', message)
  await setTimeout(2000)
  const before = memory(server.pid, 'VmRSS')
  await using open = await openSockets(server.port, request(server), streams)
  await setTimeout(2000)
  const perStream = ((memory(server.pid, 'VmRSS') - before) * 1000) / streams
  await using loop = await openSockets(bare.port, 'x', streams)

  const frame = await oneFrame(server)
  const ours: Arrivals[] = []
  const theirs: Arrivals[] = []
  for (let round = -warmUp; round < rounds; round++) {
    const answered = await post(server, open)
    const written = await write(bare, loop, frame)
    if (round < 0) continue
    ours.push(answered)
    theirs.push(written)
  }
  return report(ours, theirs, perStream, Buffer.byteLength(frame))
}

function request({ token }: Server): string {
  return `GET /api/v1/accounts/1/events HTTP/1.1\r\nhost: localhost\r\napi_access_token: ${token}\r\n\r\n`
}

/** From the response to the POST, which is sent when the message is on disk. */
async function post(server: Server, open: Sockets): Promise<Arrivals> {
  await setTimeout(pause)
  const arrived = open.next()
  await call(server, '/conversations/1/messages', message)
  return since(clock(), await arrived)
}

async function write(bare: BareSockets, loop: Sockets, frame: string): Promise<Arrivals> {
  await setTimeout(pause)
  const arrived = loop.next()
  return since(await bare.write(frame), await arrived)
}

function since(start: number, times: number[]): Arrivals {
  return times.map((time) => time - start).sort((one, other) => one - other)
}

/** Returns the bytes of an event as they are sent. */
async function oneFrame({ port, token }: Server): Promise<string> {
  const headers = { api_access_token: token }
  const response = await fetch(`http://127.0.0.1:${port}/api/v1/accounts/1/events?after=0`, { headers })
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  for (;;) {
    text += (await reader.read()).value
    const found = /id: \d+\nevent: message_created\n.*\n\n/.exec(text)
    if (!found) continue
    await reader.cancel()
    return found[0]
  }
}

function report(ours: Arrivals[], theirs: Arrivals[], perStream: number, bytes: number): Report {
  const of = (all: Arrivals[], share: number) => median(all.map((times) => percentile(times, share)))
  const row = (name: string, all: Arrivals[]) => [
    name,
    ...[0.01, 0.5, 0.99, 1].map((share) => `${of(all, share).toFixed(1)} ms`),
  ]
  const ratio = of(ours, 0.99) / of(theirs, 0.99)
  return {
    title: `Realtime: one event of ${bytes} bytes to ${count(streams)} open streams, medians of ${rounds} rounds`,
    table: [
      ['share of the streams that have it', 'first', '50%', '99%', 'all'],
      row('Ndoto, from the response to the POST', ours),
      row('a bare loop over as many sockets, from its start', theirs),
      ['memory for each stream (VmRSS)', `${Math.round(perStream)} kB`, '', '', ''],
    ],
    claims: [
      {
        work: `One event to ${count(streams)} open streams: until 99% have it, relative to a bare loop that writes the same bytes`,
        measured: `${ratio.toFixed(1)} times`,
        goal: `${goal} times`,
        met: ratio <= goal,
      },
    ],
  }
}

if (import.meta.main) await runBenchmark(measureRealtime)
