import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify'
import { parseForms } from '../../../http/forms.ts'
import type { Server } from '../../../http/server.ts'
import { Refusal } from '../../../lib/errors.ts'
import { basePath } from './base-path.ts'
import { sendChatwootError } from './errors.ts'
import { nested, type Parameters, parametersOf } from './parameters.ts'

/** The path of an account, as in the main API. */
export const accountPath = '/api/v1/accounts/:account_id'

/** Makes a scope of the server, at `basePath`, in which requests are read and errors are sent as Chatwoot does. */
export function speakChatwoot(app: Server): void {
  const scope = app as unknown as FastifyInstance
  scope.setErrorHandler(sendChatwootError)
  scope.removeContentTypeParser(['application/x-www-form-urlencoded', 'multipart/form-data'])
  parseForms(scope as never, (fields) => nested(fields))
  scope.addHook('onRoute', describeRoute)
  // Not a handler for unknown paths: the dashboard has a route for all paths, which comes before those.
  scope.route({
    method: [...methods],
    url: '/*',
    config: { public: true },
    handler: () => {
      throw new Refusal('route_not_found', 'Chatwoot has no such path, or this server does not support it')
    },
  })
}

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const

/** Routes have the rights of those of the main API with the same path, and are not part of the OpenAPI document. */
function describeRoute(route: RouteOptions): void {
  const path = route.url.replace(basePath, '')
  const [method] = [route.method].flat()
  // Without the errors of the main API, which the hook of the OpenAPI document has added.
  const { response: _, ...schema } = route.schema ?? {}
  route.schema = { ...schema, hide: true } as never
  route.config = {
    ...route.config,
    sessionHeader: 'access-token',
    sameAs: `${method === 'HEAD' ? 'GET' : method} ${path}`,
  }
}

type Reader = (parameters: Parameters, request: FastifyRequest) => object

/**
 * Options of a route: makes its body, in the shape of the main API, from the parameters of a request. It is validated
 * against the schema of the route afterwards. `wrapper` can contain the parameters.
 */
export function reading(read: Reader, wrapper?: string) {
  return {
    preValidation: (request: FastifyRequest, _: unknown, done: () => void) => {
      request.body = defined(read(parametersOf(request, wrapper), request))
      done()
    },
  }
}

/** The same for the query of a list. */
export function readingQuery(read: Reader) {
  return {
    preValidation: (request: FastifyRequest, _: unknown, done: () => void) => {
      request.query = defined(read(parametersOf(request), request))
      done()
    },
  }
}

/** Leaves out the fields that are undefined. */
export function defined<T extends object>(fields: T): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T
}

/** Sends a response that is JSON already. As bytes, because Node.js copies a text several times until it is sent. */
export function sendJson(reply: FastifyReply, json: string | Buffer): FastifyReply {
  return reply
    .type('application/json; charset=utf-8')
    .send(typeof json === 'string' ? Buffer.from(json) : json)
}
