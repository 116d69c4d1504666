import type { Socket } from 'node:net'
import type { Context } from '../../../../http/feature.ts'
import type { Server } from '../../../../http/server.ts'
import { webSocketAcceptor } from '../../../../http/web-sockets.ts'
import { networkOf } from '../../../../lib/addresses.ts'
import { Cable } from './cable.ts'
import { Connection } from './connection.ts'
import { subprotocol } from './protocol.ts'

/** `/cable`, in a scope at the root of the dialect. */
export function cableRoute(app: Server, context: Context): void {
  const accept = webSocketAcceptor([subprotocol])
  const cable = new Cable(context)
  // Fastify waits for connections, and these do not end by themselves.
  app.addHook('preClose', async () => cable.close())

  const config = { public: true }
  app.get('/cable', { schema: { hide: true }, config, exposeHeadRoute: false }, async (request, reply) => {
    const leaveNetwork = cable.limits?.takeConnection(networkOf(request.ip)) ?? (() => {})
    const { origin, host } = request.headers
    const socket = request.raw.socket as Socket
    socket.once('close', leaveNetwork)
    const connection = new Connection(await accept(request, reply), socket)
    cable.add({ connection, page: { headers: { origin, host } }, leaveNetwork })
    return reply
  })
}
