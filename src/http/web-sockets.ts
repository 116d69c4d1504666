import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type WebSocket, WebSocketServer } from 'ws'
import { Refusal } from '../lib/errors.ts'
import { http } from '../lib/http.ts'

/** The bytes of a message of a client, at most. */
const maxPayload = 16 * 1024

declare module 'node:http' {
  interface IncomingMessage {
    /** The connection of a request that asks for a WebSocket, and what the client has sent after it. */
    upgrade?: { socket: Duplex; head: Buffer }
  }
}

/** Whether a request asks for a WebSocket. A request for another protocol is answered as if it asked for none. */
export function isForWebSocket({ headers }: IncomingMessage): boolean {
  return headers.upgrade?.toLowerCase() === 'websocket'
}

/** Routes requests for WebSockets like all others, so that the same limits apply to them. */
export function routeWebSockets(app: FastifyInstance): void {
  app.server.on('upgrade', (request, socket, head) => {
    // Node.js has removed its listener.
    socket.on('error', () => socket.destroy())
    const response = new http.ServerResponse(request)
    response.shouldKeepAlive = false
    response.assignSocket(socket as never)
    response.once('finish', () => socket.end())
    request.upgrade = { socket, head }
    app.routing(request, response)
  })
}

/** Makes the connection of a request a WebSocket. Throws `malformed` if the request does not ask for one. */
export type AcceptWebSocket = (request: FastifyRequest, reply: FastifyReply) => Promise<WebSocket>

/** Returns a function that accepts WebSockets, which speak one of these subprotocols if the client offers any. */
export function webSocketAcceptor(protocols: readonly string[]): AcceptWebSocket {
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload,
    handleProtocols: (offered) => protocols.find((one) => offered.has(one)) ?? false,
  })
  return ({ raw }, reply) => {
    const { upgrade } = raw
    if (!upgrade) throw new Refusal('malformed', 'this path is for WebSockets: send "Upgrade: websocket"')
    const { socket, head } = upgrade
    reply.hijack()
    reply.raw.detachSocket(socket as never)
    return new Promise((resolve) => server.handleUpgrade(raw, socket, head, resolve))
  }
}
