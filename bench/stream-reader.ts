import { get, type IncomingMessage } from 'node:http'
import { setTimeout } from 'node:timers/promises'
import type { Server } from './servers.ts'

/** The result of reading a response. */
export interface Reading {
  complete: boolean
  bytes: number
  /** Milliseconds from the request. */
  time: number
}

/** Reads a response to its end, or until `stop` if `speed` is set: then at most `speed` bytes per second are read. */
export async function read(
  { port, token }: Server,
  path: string,
  { speed, stop }: { speed: number | undefined; stop: AbortSignal },
): Promise<Reading> {
  const start = performance.now()
  const elapsed = () => performance.now() - start
  let bytes = 0
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const headers = { api_access_token: token }
    get({ host: '127.0.0.1', port, path, headers, agent: false }, resolve).on('error', reject)
  })
  if (response.statusCode !== 200) throw new Error(`${path}: ${response.statusCode}`)
  for await (const piece of response) {
    bytes += piece.length
    if (speed === undefined) continue
    // Fast readers finish; slow ones are cut off.
    if (stop.aborted) return { complete: false, bytes, time: elapsed() }
    const ahead = (bytes / speed) * 1000 - elapsed()
    if (ahead > 0) await setTimeout(ahead)
  }
  return { complete: response.complete, bytes, time: elapsed() }
}
