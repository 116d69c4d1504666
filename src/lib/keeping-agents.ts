import type { Agent } from 'node:http'
import https from 'node:https'
import type { Duplex } from 'node:stream'
import { http } from './http.ts'

// Shorter than most servers wait, so that few connections are closed at the moment in which they are used again. What a
// server announces in `Keep-Alive` counts if it is shorter.
const idleTimeout = 4000
// Of all hosts together.
const maxIdle = 256

const options = { keepAlive: true, timeout: idleTimeout, maxFreeSockets: maxIdle }

/** Part of the name of a connection: it may lead only to addresses that were just checked. */
interface Checked {
  addresses?: string
}

function hasRoom({ freeSockets }: Agent): boolean {
  return Object.values(freeSockets).reduce((sum, sockets) => sum + sockets!.length, 0) < maxIdle
}

/** Makes an agent keep connections, each for the addresses to which it leads. */
function keeping<A extends Agent>(agent: A): A {
  const { getName, keepSocketAlive } = agent
  return Object.assign(agent, {
    getName: (request?: https.RequestOptions & Checked) =>
      `${getName.call(agent, request)} ${request?.addresses}`,
    // It returns whether to keep the connection, which the types do not say.
    keepSocketAlive: (socket: Duplex) => hasRoom(agent) && keepSocketAlive.call(agent, socket),
  })
}

/**
 * The agents that keep connections open for the next request to the same host, if it still has the same addresses. A
 * request must have the option `addresses`. TLS sessions are not resumed: that would skip the check of the certificate.
 */
export const keepingAgents = {
  http: keeping(new http.Agent(options)),
  https: keeping(new https.Agent({ ...options, maxCachedSessions: 0 })),
}
