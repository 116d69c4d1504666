import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import { listen } from '../../../test/local-servers.ts'

/** A proxy that loses requests and responses. */
export interface LossyProxy {
  url: string
  /** How many requests and responses were lost so far. */
  lost: { requests: number; responses: number }
}

interface Losses {
  /** The share of requests whose connection is closed before the server gets them, from 0 to 1. */
  requests?: number
  /** The share of responses that are cut off, before or in the middle of their body, after the server has done the work. */
  responses?: number
}

/** Starts a proxy to the server at `target`. The same requests in the same order have the same losses. */
export async function startLossyProxy(
  target: string,
  { requests = 0, responses = 0 }: Losses,
): Promise<LossyProxy> {
  const random = randomNumbers()
  const lost = { requests: 0, responses: 0 }
  const forward = (incoming: IncomingMessage, outgoing: ServerResponse) => {
    if (random() < requests) {
      lost.requests += 1
      incoming.socket.destroy()
      return
    }
    const { method, headers, url } = incoming
    const passed = request(target + url, { method, headers }, async (response) => {
      const body = Buffer.concat(await response.toArray())
      if (random() >= responses) {
        outgoing.writeHead(response.statusCode!, response.headers).end(body)
        return
      }
      lost.responses += 1
      if (random() < 0.5) return incoming.socket.destroy()
      outgoing.writeHead(response.statusCode!, response.headers)
      outgoing.write(body.subarray(0, body.length / 2), () => incoming.socket.destroy())
    })
    passed.on('error', () => incoming.socket.destroy())
    incoming.on('error', () => passed.destroy())
    incoming.pipe(passed)
  }
  const { port } = await listen(createServer(forward))
  return { url: `http://127.0.0.1:${port}`, lost }
}

/** A linear congruential generator. */
function randomNumbers(): () => number {
  let state = 1
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32
    return state / 2 ** 32
  }
}
