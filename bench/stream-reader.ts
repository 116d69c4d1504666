import { get, type IncomingMessage } from 'node:http'
import { setTimeout } from 'node:timers/promises'
import type { Server } from './servers.ts'

/** What a reader has read. */
export interface Reading {
  complete: boolean
  bytes: number
  /** Milliseconds from the request. */
  time: number
}

/** Reads an answer to its end or, when `stop` comes first, leaves it; no faster than `speed` bytes a second. */
export async function read(
  { port, token }: Server,
  path: string,
  { speed, stop }: { speed: number | undefined; stop: AbortSignal },
): Promise<Reading> {
  const start = performance.now()
  const elapsed = () => performance.now() - start
  let bytes = 0
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const headers = { api_access_token: token }
    get({ host: '127.0.0.1', port, path, headers, agent: false }, resolve).on('error', reject)
  })
  if (answer.statusCode !== 200) throw new Error(`${path}: ${answer.statusCode}`)
  for await (const piece of answer) {
    bytes += piece.length
    if (speed === undefined) continue
    // A fast reader that has begun is let finish; a slow one is cut off.
    if (stop.aborted) return { complete: false, bytes, time: elapsed() }
    const ahead = (bytes / speed) * 1000 - elapsed()
    if (ahead > 0) await setTimeout(ahead)
  }
  return { complete: answer.complete, bytes, time: elapsed() }
}
