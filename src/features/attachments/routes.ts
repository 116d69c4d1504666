import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Context } from '../../http/feature.ts'
import type { Server } from '../../http/server.ts'
import { Refusal } from '../../lib/errors.ts'
import { id } from '../../lib/schema.ts'
import { fileReader, type Part } from './file-reader.ts'

const params = Type.Object({ account_id: id(), key: Type.String({ pattern: '^[0-9a-f]{32}$' }) })
const querystring = Type.Object({
  expires: Type.Integer({ minimum: 0 }),
  signature: Type.String({ maxLength: 64 }),
})

/**
 * Links to files. Everybody who has a link can open it, so links are signed and expire. Clients get them in the JSON of
 * messages and do not build them, so they are not part of the documented API.
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
          conditionsOf(request),
        )
        // Other websites may show files (in the chat on a customer's website), but a file must never run as a page.
        reply.headers({
          'content-security-policy': "sandbox; default-src 'none'",
          'cross-origin-resource-policy': 'cross-origin',
          ...headers,
        })
        if (status === 416)
          throw new Refusal('range_not_satisfiable', 'this range begins after the end of the file')
        return send(reply.code(status), stream)
      },
    })
  }
}

function conditionsOf({ method, headers }: Pick<FastifyRequest, 'method' | 'headers'>) {
  const { range, 'if-range': ifRange, 'if-none-match': ifNoneMatch } = headers
  return { isHead: method === 'HEAD', range, ifRange: ifRange as string | undefined, ifNoneMatch }
}

function send(reply: FastifyReply, stream: unknown): FastifyReply {
  return stream === undefined ? reply.send() : reply.send(stream)
}
