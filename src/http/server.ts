import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type FastifyTypeProvider,
  LogController,
  type RawServerDefault,
} from 'fastify'
import { type Static, type TSchema, Type } from 'typebox'
import type { Config } from '../config.ts'
import type { Database } from '../db/database.ts'
import type { EventType } from '../events/catalogue.ts'
import { notFound, Refusal } from '../lib/errors.ts'
import { isStorable } from '../lib/validate.ts'
import { authenticate, type Identify } from './auth.ts'
import { readJsonBodies } from './body.ts'
import { serveDashboard } from './dashboard.ts'
import { answerError } from './errors.ts'
import { separateFiles } from './files-host.ts'
import { bodyLimit, headerLimit, limitRate } from './limits.ts'
import { exposeMetrics, type Reading } from './metrics.ts'
import { describeRoutes } from './openapi.ts'
import { serveSecurityContact } from './security-contact.ts'
import { buildSerializer } from './serialization.ts'
import { validatorCompiler } from './validation.ts'

/** Reads the types of a route's request and answer from its TypeBox schemas. */
interface SchemaTypes extends FastifyTypeProvider {
  validator: this['schema'] extends TSchema ? Static<this['schema']> : unknown
  serializer: this['schema'] extends TSchema ? Static<this['schema']> : unknown
}

/** Fastify as routes see it. */
export type Server = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  SchemaTypes
>

// Milliseconds until a request has arrived: 600 MB of files over a slow line; Node gives the headers a minute.
const longestRequest = 15 * 60_000

// Milliseconds that a client may go on sending a body after its request has been answered.
const unreadBody = 5000
// Connections open at once; more are closed as they come.
const mostConnections = 10_000

interface Options {
  config: Config
  version: string
  database: Database
  identify: Identify
  /** Described in the OpenAPI document beside the routes. */
  events: readonly EventType[]
  /** What `/metrics` tells of the features. */
  readings: readonly Reading[]
  /** Requests wait for it. */
  installed: Promise<void> | undefined
}

/** Sets Fastify up with everything that is the same for all routes; the routes come after it. */
export async function createServer(options: Options): Promise<Server> {
  const { config, version, database, identify, events, readings, installed } = options
  const app = Fastify({
    logger: { level: config.logLevel, base: null },
    logController: new LogController({ disableRequestLogging: true }),
    requestIdHeader: false,
    genReqId: requestId,
    // A logger for each request costs more than the request id that our own lines name.
    childLoggerFactory: (logger) => logger,
    trustProxy: config.trustProxy.length > 0 ? config.trustProxy : false,
    bodyLimit,
    http: { maxHeaderSize: headerLimit },
    requestTimeout: longestRequest,
    keepAliveTimeout: 75_000,
    schemaController: {
      compilersFactory: { buildValidator: () => validatorCompiler as never, buildSerializer },
    },
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: headerLimit },
    clientErrorHandler: answerBrokenRequest,
    frameworkErrors(error, request, reply) {
      setCommonHeaders(request, reply, config)
      answerError(error, request, reply)
    },
  })
  app.setErrorHandler(answerError)
  const hint = config.apiDocs ? '; GET /docs shows what does' : ''
  app.setNotFoundHandler({ preHandler: [] }, (request, reply) =>
    reply.code(404).send({ error: `nothing answers ${request.method} on this path${hint}` }),
  )
  if (installed) app.addHook('onRequest', () => installed)
  readJsonBodies(app as never)
  app.addHook('onRequest', (request, reply, done) => {
    setCommonHeaders(request, reply, config)
    done()
  })
  logRequests(app)
  refuseUnstorablePaths(app)
  endConnectionsOnClose(app)
  endUnreadRequests(app)
  app.server.maxConnections = mostConnections
  separateFiles(app, config)
  authenticate(app, identify, config.publicUrl)
  if (config.rateLimit !== null) await limitRate(app, config.rateLimit)
  if (config.metrics.isOn) exposeMetrics(app, config.metrics, database, readings)
  await describeRoutes(app, version, events, config.apiDocs)
  serveDashboard(app, config)
  if (config.securityContact) serveSecurityContact(app, config.securityContact, config.publicUrl)
  exposeHealth(app.withTypeProvider<SchemaTypes>(), database)
  return app.withTypeProvider<SchemaTypes>()
}

/** A caller's own id goes on when it is harmless in a log; else one is made. */
function requestId(request: { headers: IncomingMessage['headers'] }): string {
  const given = request.headers['x-request-id']
  return typeof given === 'string' && /^[\w.:-]{1,128}$/.test(given) ? given : randomUUID()
}

function logRequests(app: FastifyInstance): void {
  app.addHook('onResponse', (request, reply, done) => {
    // The route's pattern, not the path or the query: those may hold a customer's secret name.
    const { method, routeOptions, actor } = request
    const { statusCode: status, elapsedTime } = reply
    const ms = Math.round(elapsedTime * 10) / 10
    const line = {
      requestId: request.id,
      method,
      route: routeOptions.url,
      status,
      ms,
      account: actor?.accountId,
    }
    request.log.info(line, 'request')
    done()
  })
}

/** No path with such characters can name anything; said before the first query, since PostgreSQL fails at a NUL. */
function refuseUnstorablePaths(app: FastifyInstance): void {
  app.addHook('onRequest', (request, _, done) => {
    const named = Object.values((request.params ?? {}) as Record<string, string>)
    done(named.every(isStorable) ? undefined : notFound('this path was'))
  })
}

// A year, for this host alone: what else its domain serves is not ours to decide.
const strictTransportSecurity = 'max-age=31536000'

function setCommonHeaders(request: FastifyRequest, reply: FastifyReply, { publicUrl }: Config): void {
  reply.headers({
    'x-request-id': request.id,
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  })
  if (publicUrl.startsWith('https:')) reply.header('strict-transport-security', strictTransportSecurity)
}

/** A client that keeps its connection open would otherwise keep the server open, too. */
function endConnectionsOnClose(app: FastifyInstance): void {
  let closing = false
  app.addHook('preClose', (done) => {
    closing = true
    done()
  })
  app.addHook('onSend', (_, reply, payload, done) => {
    if (closing) reply.header('connection', 'close')
    done(null, payload)
  })
}

/** A refusal may come before the body has arrived. Its rest is read and dropped for a moment only. */
function endUnreadRequests(app: FastifyInstance): void {
  app.addHook('onResponse', ({ raw }, _, done) => {
    if (!raw.complete) {
      const late = setTimeout(() => raw.destroy(), unreadBody).unref()
      raw.once('close', () => clearTimeout(late))
    }
    done()
  })
}

/** What is no HTTP that could reach a route: too long headers, a request that never ends, bytes that are no request. */
function answerBrokenRequest(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const status =
    error.code === 'HPE_HEADER_OVERFLOW' ? 431 : error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400
  const words = {
    400: 'this is not a valid HTTP request',
    408: 'the request took too long to arrive',
    431: `the headers are larger than ${headerLimit} bytes`,
  }
  const body = JSON.stringify({ error: words[status] })
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\ncontent-type: application/json; charset=utf-8\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  )
}

function exposeHealth(app: Server, database: Database): void {
  const schema = {
    summary: 'Whether the server is ready',
    tags: ['Operation'],
    // Not the version: it would tell strangers which faults to look for.
    response: { 200: Type.Object({ status: Type.Literal('ok'), engine: Type.String() }) },
  }
  app.get('/health', { schema, config: { public: true, rateLimit: false } }, async () => {
    await database.ping().catch((cause) => {
      throw new Refusal('unavailable', 'the database does not answer', { cause })
    })
    return { status: 'ok' as const, engine: database.read.engine }
  })
}
