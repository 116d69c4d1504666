import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Context } from '../../http/feature.ts'
import type { Server } from '../../http/server.ts'
import { id } from '../../lib/schema.ts'
import { fileReader, type Part } from './read.ts'

const params = Type.Object({ account_id: id(), key: Type.String({ pattern: '^[0-9a-f]{32}$' }) })
const querystring = Type.Object({
  expires: Type.Integer({ minimum: 0 }),
  signature: Type.String({ maxLength: 64 }),
})

/**
 * Links to files: whoever has one may follow it, so they are signed and end. They are given in the JSON of messages, and
 * are no part of the API that clients make paths of.
 */
export function fileRoutes(app: Server, context: Context): void {
  const read = fileReader(context)
  const parts: [string, Part][] = [
    ['/files/:account_id/:key', 'file'],
    ['/files/:account_id/:key/thumbnail', 'thumbnail'],
  ]
  for (const [url, part] of parts) {
    app.route({
      method: ['GET', 'HEAD'],
      url,
      schema: { hide: true, params, querystring },
      config: { public: true, rateLimit: false, files: true },
      async handler(request, reply) {
        const { status, headers, stream } = await read(
          part,
          { ...request.params, ...request.query },
          wishOf(request),
        )
        // Shown by pages of others too (the chat on a customer's site), but never as a page: nothing in it runs.
        reply.headers({
          'content-security-policy': "sandbox; default-src 'none'",
          'cross-origin-resource-policy': 'cross-origin',
          ...headers,
        })
        return send(reply.code(status), stream)
      },
    })
  }
}

function wishOf({ method, headers }: Pick<FastifyRequest, 'method' | 'headers'>) {
  const { range, 'if-range': ifRange, 'if-none-match': ifNoneMatch } = headers
  return { isHead: method === 'HEAD', range, ifRange: ifRange as string | undefined, ifNoneMatch }
}

function send(reply: FastifyReply, stream: unknown): FastifyReply {
  return stream === undefined ? reply.send() : reply.send(stream)
}
