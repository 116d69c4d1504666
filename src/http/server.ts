import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
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
import type { EventType, SignalType } from '../events/catalogue.ts'
import { notFound, Refusal } from '../lib/errors.ts'
import { http } from '../lib/http.ts'
import { isStorable } from '../lib/validate.ts'
import { authenticate, identification } from './auth.ts'
import { readJsonBodies } from './body.ts'
import { codeOf, sendError } from './errors.ts'
import { separateFiles } from './files-host.ts'
import { readForms } from './forms.ts'
import { type HostRoot, pathBelowRoot } from './host-roots.ts'
import { bodyLimit, headerLimit, limitRate } from './limits.ts'
import { exposeMetrics, type Reading } from './metrics.ts'
import { describeRoutes } from './openapi.ts'
import { followReplacements } from './replaced.ts'
import { sharedSchemas } from './schema-bucket.ts'
import { serveSecurityContact } from './security-contact.ts'
import { buildSerializer } from './serialization.ts'
import { validatorCompiler } from './validation.ts'
import { isForWebSocket, routeWebSockets } from './web-sockets.ts'

/** Infers the types of a route's request and response from its TypeBox schemas. */
interface SchemaTypes extends FastifyTypeProvider {
  validator: this['schema'] extends TSchema ? Static<this['schema']> : unknown
  serializer: this['schema'] extends TSchema ? Static<this['schema']> : unknown
}

/** The type of Fastify in routes. */
export type Server = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  SchemaTypes
>

// How long a client may take to send a request, in milliseconds: enough for 600 MB of files over a slow connection. Node.js
// limits the headers to a minute.
const requestTimeout = 15 * 60_000

// How long a client may continue to send a body after the response, in milliseconds.
const unreadBodyTimeout = 5000
// Connections that are open at the same time. Further ones are closed at once.
const maxConnections = 10_000

interface Options {
  config: Config
  version: string
  database: Database
  /** Described in the OpenAPI document, in addition to the routes. */
  events: readonly EventType[]
  signals: readonly SignalType[]
  /** The gauges of the features in `/metrics`. */
  readings: readonly Reading[]
  /** The hosts at whose root some of the routes are. */
  hosts?: readonly HostRoot[]
  /** Resolves when the first start has created its account. Requests wait for it. */
  installed: Promise<void> | undefined
}

/** Creates Fastify with everything that all routes share. The caller adds the routes. */
export async function createServer(options: Options): Promise<Server> {
  const { config, version, database, events, signals, readings, hosts = [], installed } = options
  const app = Fastify({
    logger: { level: config.logLevel, base: null },
    logController: new LogController({ disableRequestLogging: true }),
    requestIdHeader: false,
    genReqId: requestId,
    // A logger for each request is expensive. The lines contain the request id instead.
    childLoggerFactory: (logger) => logger,
    trustProxy: config.trustProxy.length > 0 ? config.trustProxy : false,
    bodyLimit,
    http: {
      maxHeaderSize: headerLimit,
      requireHostHeader: false,
      shouldUpgradeCallback: isForWebSocket,
    },
    return503OnClosing: false,
    requestTimeout,
    rewriteUrl: pathBelowRoot(hosts),
    keepAliveTimeout: 75_000,
    schemaController: {
      bucket: sharedSchemas() as never,
      compilersFactory: { buildValidator: () => validatorCompiler as never, buildSerializer },
    },
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: headerLimit },
    clientErrorHandler: sendClientError,
    frameworkErrors(error, request, reply) {
      setCommonHeaders(request, reply, config)
      sendError(error, request, reply)
    },
  })
  app.setErrorHandler(sendError)
  const hint = config.apiDocs ? '; GET /docs lists all calls' : ''
  app.setNotFoundHandler({ preHandler: [] }, (request) => {
    throw new Refusal('route_not_found', `there is no ${request.method} on this path${hint}`)
  })
  if (installed) app.addHook('onRequest', () => installed)
  readJsonBodies(app as never)
  readForms(app as never)
  app.addHook('onRequest', (request, reply, done) => {
    setCommonHeaders(request, reply, config)
    done()
  })
  if (['trace', 'debug', 'info'].includes(config.logLevel)) logRequests(app)
  answerInsteadOfNode(app)
  refuseUnstorablePaths(app)
  endConnectionsOnClose(app)
  endUnreadRequests(app)
  app.server.maxConnections = maxConnections
  routeWebSockets(app)
  separateFiles(app, config)
  followReplacements(app)
  authenticate(app, identification.of(database), config.publicUrl)
  if (config.rateLimit !== null) await limitRate(app, config.rateLimit)
  if (config.metrics.isOn) exposeMetrics(app, config.metrics, database, readings)
  await describeRoutes(app, version, { events, signals }, config.apiDocs)
  if (config.securityContact) serveSecurityContact(app, config.securityContact, config.publicUrl)
  exposeHealth(app.withTypeProvider<SchemaTypes>(), database)
  return app.withTypeProvider<SchemaTypes>()
}

/** Uses the caller's request id if it is safe to log, otherwise generates one. */
function requestId(request: { headers: IncomingMessage['headers'] }): string {
  const id = request.headers['x-request-id']
  return typeof id === 'string' && /^[\w.:-]{1,128}$/.test(id) ? id : randomUUID()
}

function logRequests(app: FastifyInstance): void {
  app.addHook('onResponse', (request, reply, done) => {
    // The pattern of the route, not the path or the query, which can contain the secret `source_id` of a customer.
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

/** Node.js refuses a request without `Host`, or with an unknown `Expect`, by itself: without a body. */
function answerInsteadOfNode(app: FastifyInstance): void {
  app.addHook('onRequest', ({ raw }, _, done) => {
    const isMissing = raw.headers.host === undefined && raw.httpVersion === '1.1'
    done(isMissing ? new Refusal('malformed', 'the header Host is missing') : undefined)
  })
  // A server may ignore such an expectation (RFC 9110, section 10.1.1).
  app.server.on('checkExpectation', (request, response) => app.server.emit('request', request, response))
}

/** Refuses paths with characters that cannot be stored before the first query, because PostgreSQL fails at a NUL. */
function refuseUnstorablePaths(app: FastifyInstance): void {
  app.addHook('onRequest', (request, _, done) => {
    const params = request.params as Record<string, string>
    for (const name in params) if (!isStorable(params[name]!)) return done(notFound('this path was'))
    done()
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

/** Refuses requests on open connections while the server stops, and closes these, because they would delay the stop. */
function endConnectionsOnClose(app: FastifyInstance): void {
  let closing = false
  app.addHook('preClose', (done) => {
    closing = true
    done()
  })
  app.addHook('onRequest', (_request, _reply, done) => {
    done(closing ? new Refusal('unavailable', 'the server is shutting down') : undefined)
  })
  app.addHook('onSend', (_, reply, payload, done) => {
    if (closing) reply.header('connection', 'close')
    done(null, payload)
  })
}

/** An error can be sent before the body has arrived. The rest of the body is read and discarded for a short time. */
function endUnreadRequests(app: FastifyInstance): void {
  app.addHook('onResponse', ({ raw }, _, done) => {
    if (!raw.complete) {
      const timer = setTimeout(() => raw.destroy(), unreadBodyTimeout).unref()
      raw.once('close', () => clearTimeout(timer))
    }
    done()
  })
}

/** Sends the error for a request that cannot reach a route: headers that are too long, a timeout, or invalid HTTP. */
function sendClientError(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const status =
    error.code === 'HPE_HEADER_OVERFLOW' ? 431 : error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400
  const sentences = {
    400: 'this is not a valid HTTP request',
    408: 'the request took too long to arrive',
    431: `the headers are larger than ${headerLimit} bytes`,
  }
  const body = JSON.stringify({ error: sentences[status], code: codeOf(status) })
  socket.end(
    `HTTP/1.1 ${status} ${http.STATUS_CODES[status]}\r\ncontent-type: application/json; charset=utf-8\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  )
}

function exposeHealth(app: Server, database: Database): void {
  const schema = {
    summary: 'Check whether the server is ready',
    tags: ['Operation'],
    // Without the version, which would tell attackers which vulnerabilities to try.
    response: { 200: Type.Object({ status: Type.Literal('ok'), engine: Type.String() }) },
  }
  const config = { public: true, rateLimit: false }
  const assertReady = async () => {
    await database.ping().catch((cause) => {
      throw new Refusal('unavailable', 'the database does not respond', { cause })
    })
  }
  app.get('/health', { schema, config }, async () => {
    await assertReady()
    return { status: 'ok' as const, engine: database.read.engine }
  })

  const ok = Type.Literal('ok')
  const greeting = {
    summary: 'Find out whether this is the API',
    description: 'Programs for similar servers call it when they are set up.',
    tags: ['Operation'],
    response: {
      200: Type.Object({
        version: Type.String({ description: 'Of the API, as in its paths.' }),
        timestamp: Type.String({ description: 'The time of the server in UTC: `2026-01-31 10:00:00`.' }),
        queue_services: ok,
        data_services: ok,
      }),
    },
  }
  app.get('/api', { schema: greeting, config }, async () => {
    await assertReady()
    const timestamp = new Date().toISOString().slice(0, 19).replace('T', ' ')
    return { version: '1', timestamp, queue_services: 'ok' as const, data_services: 'ok' as const }
  })
}
