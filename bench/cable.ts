import { setTimeout } from 'node:timers/promises'
import { message } from './data.ts'
import { temporaryDirectory } from './directory.ts'
import { count, type Report, runBenchmark } from './report.ts'
import { call, memory, processorTime, type Server, startNdoto } from './servers.ts'
import { eventStream, type Marks, openSockets, type Sockets } from './sockets.ts'

const connections = 1000
const messages = 40
// Milliseconds: pings and heartbeats are part of the cost.
const idle = 15_000
const goal = 1.5

interface Cost {
  /** Of one connection, in kB. */
  memory: number
  /** Milliseconds of the processor while nothing happens, and while messages are delivered. */
  idle: number
  busy: number
}

/** Measures what 1,000 connections to `/cable` cost, compared with as many event streams. */
export async function measureCable(): Promise<Report> {
  const streams = await costOf(streamRequest, eventStream)
  const cable = await costOf(cableRequest, { opened: 'confirm_subscription', event: '"message.created"' })
  const ratio = Math.max(
    cable.memory / streams.memory,
    (cable.idle + cable.busy) / (streams.idle + streams.busy),
  )
  const row = (name: string, cost: Cost) => [
    name,
    `${cost.memory.toFixed(1)} kB`,
    `${Math.round(cost.idle)} ms`,
    `${Math.round(cost.busy)} ms`,
  ]
  return {
    title: `/cable: ${count(connections)} connections of agents, and as many event streams`,
    table: [
      ['', 'memory of one', `processor in ${idle / 1000} idle seconds`, `processor for ${messages} messages`],
      row('event streams', streams),
      row('/cable', cable),
    ],
    claims: [
      {
        work: `${count(connections)} connections to /cable: memory and processor, whichever is worse, relative to event streams`,
        measured: `${ratio.toFixed(2)} times`,
        goal: `${goal} times`,
        met: ratio <= goal,
      },
    ],
  }
}

async function costOf(request: (server: Server) => string | Promise<string>, marks: Marks): Promise<Cost> {
  using directory = temporaryDirectory()
  await using server = await startNdoto(directory.path)
  await call(server, '/conversations/1/messages', message)
  await setTimeout(2000)
  const before = memory(server.pid, 'VmRSS')
  await using open = await openSockets(server.port, await request(server), connections, marks)
  await setTimeout(3000)
  const used = memory(server.pid, 'VmRSS') - before
  const idleTime = await processorDuring(server, () => setTimeout(idle))
  const busyTime = await processorDuring(server, () => sendAll(server, open))
  return { memory: (used * 1000) / connections, idle: idleTime, busy: busyTime }
}

async function processorDuring({ pid }: Server, work: () => Promise<unknown>): Promise<number> {
  const start = processorTime(pid)
  await work()
  return (processorTime(pid) - start) * 1000
}

async function sendAll(server: Server, open: Sockets): Promise<void> {
  for (let sent = 0; sent < messages; sent++) {
    const arrived = open.next()
    await call(server, '/conversations/1/messages', message)
    await arrived
    await setTimeout(50)
  }
}

function streamRequest({ token }: Server): string {
  return `GET /api/v1/accounts/1/events HTTP/1.1\r\nhost: localhost\r\napi_access_token: ${token}\r\n\r\n`
}

/** A handshake, and right after it the command that subscribes: its frame has an empty mask. */
async function cableRequest({ port, token }: Server): Promise<string> {
  const profile = await fetch(`http://127.0.0.1:${port}/chatwoot/api/v1/profile`, {
    headers: { api_access_token: token },
  })
  const { pubsub_token } = (await profile.json()) as { pubsub_token: string }
  const identifier = JSON.stringify({ channel: 'RoomChannel', pubsub_token, account_id: 1 })
  const command = JSON.stringify({ command: 'subscribe', identifier })
  const length = String.fromCharCode(command.length >> 8, command.length & 0xff)
  const handshake = [
    'GET /chatwoot/cable HTTP/1.1',
    'host: localhost',
    'connection: Upgrade',
    'upgrade: websocket',
    'sec-websocket-version: 13',
    'sec-websocket-key: MDEyMzQ1Njc4OWFiY2RlZg==',
    'sec-websocket-protocol: actioncable-v1-json',
  ]
  return `${handshake.join('\r\n')}\r\n\r\n\x81\xfe${length}\0\0\0\0${command}`
}

if (import.meta.main) await runBenchmark(measureCable)
