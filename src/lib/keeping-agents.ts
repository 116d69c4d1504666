import http from 'node:http'
import https from 'node:https'
import type { Duplex } from 'node:stream'

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

class HttpAgent extends http.Agent {
  override getName(request?: http.ClientRequestArgs & Checked): string {
    return `${super.getName(request)} ${request?.addresses}`
  }

  // It returns whether to keep the connection, which the types do not say.
  override keepSocketAlive(socket: Duplex): boolean {
    return hasRoom(this) && (super.keepSocketAlive(socket) as unknown as boolean)
  }
}

class HttpsAgent extends https.Agent {
  override getName(request?: https.RequestOptions & Checked): string {
    return `${super.getName(request)} ${request?.addresses}`
  }

  // It returns whether to keep the connection, which the types do not say.
  override keepSocketAlive(socket: Duplex): boolean {
    return hasRoom(this) && (super.keepSocketAlive(socket) as unknown as boolean)
  }
}

function hasRoom({ freeSockets }: http.Agent): boolean {
  return Object.values(freeSockets).reduce((sum, sockets) => sum + sockets!.length, 0) < maxIdle
}

/**
 * The agents that keep connections open for the next request to the same host, if it still has the same addresses. A
 * request must have the option `addresses`. TLS sessions are not resumed: that would skip the check of the certificate.
 */
export const keepingAgents = {
  http: new HttpAgent(options),
  https: new HttpsAgent({ ...options, maxCachedSessions: 0 }),
}
