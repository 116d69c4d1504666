import { connect, type Socket } from 'node:net'
import type { Outcome, Target } from './load.ts'
import { ResponseReader } from './response-reader.ts'
import { percentile } from './statistics.ts'

/*
 * The process of `openLoad`. It gets a Target first, and then the number of seconds of each run. It parses only the
 * status and length of a response, so that it uses less processor time than the server.
 */

let target: Target
let requests = 0

process.on('message', (message: Target | number) => {
  if (typeof message !== 'number') target = message
  else run(message).then((outcome) => process.send!(outcome), fail)
})
process.on('disconnect', () => process.exit())

async function run(seconds: number): Promise<Outcome> {
  const times: number[] = []
  const start = performance.now()
  const end = start + seconds * 1000
  const connections = Array.from({ length: target.connections ?? 32 }, () => requestUntil(end, times))
  const bytes = (await Promise.all(connections)).reduce((sum, part) => sum + part, 0)
  const elapsed = (performance.now() - start) / 1000
  const sorted = Float64Array.from(times).sort()
  return {
    requests: times.length,
    perSecond: times.length / elapsed,
    p50: percentile(sorted, 0.5),
    p99: percentile(sorted, 0.99),
    max: sorted.at(-1) ?? Number.NaN,
    bytes: bytes / times.length,
  }
}

/** Repeats requests on one connection until `end`, and records the time of each. Returns the bytes of all bodies. */
function requestUntil(end: number, times: number[]): Promise<number> {
  const { port, status = 200, pause } = target
  return new Promise((resolve, reject) => {
    let sentAt = 0
    let bytes = 0
    const send = () => {
      sentAt = performance.now()
      socket.write(nextRequest(), 'latin1')
    }
    const reader = new ResponseReader((response) => {
      const now = performance.now()
      if (response.status !== status)
        return reject(new Error(`${response.status} instead of ${status}: ${response.head}`))
      times.push(now - sentAt)
      bytes += response.bytes
      if (now >= end) {
        resolve(bytes)
        socket.destroy()
      } else if (pause) setTimeout(send, pause)
      else send()
    })
    const buffer = Buffer.allocUnsafe(64 * 1024)
    const read = (length: number) => {
      reader.feed(buffer, length)
      return true
    }
    // Reading into the same buffer avoids garbage and the overhead of streams.
    const options = { port, host: '127.0.0.1', noDelay: true, onread: { buffer, callback: read } }
    const socket: Socket = connect(options, send)
    socket.on('error', reject)
    socket.on('close', () => reject(new Error('the server closed the connection')))
  })
}

function nextRequest(): string {
  const { method = 'GET', paths, token, body } = target
  const path = paths[requests++ % paths.length]!
  const credentials = token ? `api_access_token: ${token}\r\n` : ''
  if (!body) return `${method} ${path} HTTP/1.1\r\nhost: localhost\r\n${credentials}\r\n`
  const length = `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n`
  return `${method} ${path} HTTP/1.1\r\nhost: localhost\r\n${credentials}${length}\r\n${body}`
}

function fail(error: Error): void {
  process.stderr.write(`${error.message}\n`)
  process.exit(1)
}
