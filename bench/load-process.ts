import { connect, type Socket } from 'node:net'
import { AnswerReader } from './answer-reader.ts'
import type { Outcome, Target } from './load.ts'
import { percentile } from './statistics.ts'

/*
 * The process of `openLoad`: first it is sent a Target, then the seconds of each run. It reads no more of an answer than
 * its status and its length, so that it costs less than what it measures.
 */

let target: Target
let asked = 0

process.on('message', (message: Target | number) => {
  if (typeof message !== 'number') target = message
  else run(message).then((outcome) => process.send!(outcome), fail)
})
process.on('disconnect', () => process.exit())

async function run(seconds: number): Promise<Outcome> {
  const times: number[] = []
  const start = performance.now()
  const end = start + seconds * 1000
  const connections = Array.from({ length: target.connections ?? 32 }, () => askUntil(end, times))
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

/** One connection: asks again and again until `end`, notes how long each answer took, gives the bytes of all bodies. */
function askUntil(end: number, times: number[]): Promise<number> {
  const { port, status = 200, pause } = target
  return new Promise((resolve, reject) => {
    let sent = 0
    let bytes = 0
    const ask = () => {
      sent = performance.now()
      socket.write(nextRequest(), 'latin1')
    }
    const reader = new AnswerReader((answer) => {
      const now = performance.now()
      if (answer.status !== status)
        return reject(new Error(`${answer.status} instead of ${status}: ${answer.head}`))
      times.push(now - sent)
      bytes += answer.bytes
      if (now >= end) {
        resolve(bytes)
        socket.destroy()
      } else if (pause) setTimeout(ask, pause)
      else ask()
    })
    const buffer = Buffer.allocUnsafe(64 * 1024)
    const read = (length: number) => {
      reader.feed(buffer, length)
      return true
    }
    // Reading into one buffer for good spares the garbage and the stream's own layers.
    const options = { port, host: '127.0.0.1', noDelay: true, onread: { buffer, callback: read } }
    const socket: Socket = connect(options, ask)
    socket.on('error', reject)
    socket.on('close', () => reject(new Error('the server closed the connection')))
  })
}

function nextRequest(): string {
  const { method = 'GET', paths, token, body } = target
  const path = paths[asked++ % paths.length]!
  const credentials = token ? `api_access_token: ${token}\r\n` : ''
  if (!body) return `${method} ${path} HTTP/1.1\r\nhost: localhost\r\n${credentials}\r\n`
  const length = `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n`
  return `${method} ${path} HTTP/1.1\r\nhost: localhost\r\n${credentials}${length}\r\n${body}`
}

function fail(error: Error): void {
  process.stderr.write(`${error.message}\n`)
  process.exit(1)
}
