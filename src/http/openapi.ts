import { hash } from 'node:crypto'
import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance, FastifySchema } from 'fastify'
import { EventActor, EventCause, type EventType, type SignalType } from '../events/catalogue.ts'
import { ref } from '../lib/schema.ts'
import { docsTheme } from './docs-page.ts'
import { ErrorResponse } from './errors.ts'
import { addExamples } from './openapi-examples.ts'
import { permissionsPolicy } from './page-headers.ts'

/**
 * Describes the events and signals, and the routes that are registered after it, as OpenAPI. If `isPublic`, serves
 * `GET /openapi.json` and `GET /docs`, a page to read and try the calls.
 */
export async function describeRoutes(
  app: FastifyInstance,
  version: string,
  { events, signals }: { events: readonly EventType[]; signals: readonly SignalType[] },
  isPublic: boolean,
): Promise<void> {
  app.addSchema(ErrorResponse)
  app.addSchema(EventActor).addSchema(EventCause)
  for (const { schema, webhook } of events) app.addSchema(schema).addSchema(webhook)
  for (const { webhook } of signals) app.addSchema(webhook)
  app.addHook('onRoute', (route) => {
    const { schema } = route
    if (!schema || schema.hide) return
    const errors = { '4xx': ref(ErrorResponse), '5xx': ref(ErrorResponse) }
    schema.response = { ...(schema.response as object), ...errors }
    if (!route.config?.public) schema.security ??= [{ token: [] }, { bearer: [] }, { session: [] }]
  })
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Ndoto',
        version: version,
        description:
          'Conversations between a team and its customers. Times are Unix seconds; an error is `{ "error": "one sentence", "code": "one_word" }`.',
        license: { name: 'MIT', identifier: 'MIT' },
      },
      servers: [{ url: '/' }],
      webhooks: Object.fromEntries([...events, ...signals].map(asWebhook)),
      components: {
        securitySchemes: {
          token: { type: 'apiKey', in: 'header', name: 'api_access_token' },
          bearer: { type: 'http', scheme: 'bearer' },
          session: {
            type: 'apiKey',
            in: 'cookie',
            name: app.sessionCookie,
            description:
              'Of `POST /auth/sign_in`; named `__Host-ndoto_session` if the public address is https. A call that changes something must come from a page of this server.',
          },
        },
      },
    },
    // Not in the hook: it runs several times for a schema that several routes share, such as those of GET and HEAD.
    transform: ({ schema, url, route }) => {
      const isAdministrative = route.config?.administrator === true
      return { schema: withRole(withoutRequiredDefaults(schema), isAdministrative), url }
    },
    transformObject: (document) => {
      const { openapiObject } = document as { openapiObject: object }
      addExamples(openapiObject)
      return openapiObject
    },
    refResolver: { buildLocalReference: (schema, _uri, _fragment, i) => String(schema.$id ?? `def-${i}`) },
  })
  if (!isPublic) return
  await app.register(serveDocs)
  let file: { bytes: Buffer; etag: string } | undefined
  app.get('/openapi.json', { schema: { hide: true }, config: { public: true } }, (request, reply) => {
    file ??= asFile(JSON.stringify(app.swagger()))
    reply.headers({ etag: file.etag, 'cache-control': 'no-cache' })
    if (request.headers['if-none-match'] === file.etag) return reply.code(304).send()
    return reply.type('application/json; charset=utf-8').send(file.bytes)
  })
}

function asFile(text: string): { bytes: Buffer; etag: string } {
  return { bytes: Buffer.from(text), etag: `"${hash('sha256', text, 'base64url')}"` }
}

/** Describes an event or a signal as a webhook of OpenAPI. */
function asWebhook({ name, description, webhook }: SignalType) {
  const content = { 'application/json': { schema: { $ref: `#/components/schemas/${webhook.$id}` } } }
  const responses = { '2XX': { description: 'Received.' } }
  const post = { summary: description, tags: ['Events'], requestBody: { content }, responses }
  return [name, { post }] as [string, { post: typeof post }]
}

function withRole(schema: FastifySchema, isAdministrative: boolean): FastifySchema {
  if (!isAdministrative) return schema
  const rule = 'Only for administrators. A token needs the scope `admin`.'
  return { ...schema, description: [schema.description, rule].filter(Boolean).join(' ') }
}

/** Fields with a default are always present for the server, but clients do not have to send them. */
function withoutRequiredDefaults(schema: FastifySchema): FastifySchema {
  const relaxed = (part: unknown) => {
    const {
      properties = {},
      required,
      ...rest
    } = part as { properties?: Record<string, object>; required?: string[] }
    if (!required) return part
    return { ...rest, properties, required: required.filter((name) => !('default' in properties[name]!)) }
  }
  const parts = { ...schema }
  for (const name of ['body', 'querystring'] as const) if (parts[name]) parts[name] = relaxed(parts[name])
  const { content } = (parts.body ?? {}) as { content?: Record<string, { schema: object }> }
  if (content) {
    const forms = Object.entries(content).map(([type, { schema }]) => [type, { schema: relaxed(schema) }])
    parts.body = { content: Object.fromEntries(forms) }
  }
  return parts
}

/** Serves `GET /docs`, a page to read and try the calls. It loads nothing from other servers. */
async function serveDocs(app: FastifyInstance): Promise<void> {
  app.addHook('onRoute', (route) => {
    route.config = { ...route.config, public: true }
  })
  app.addHook('onRequest', (_, reply, done) => {
    reply.header('permissions-policy', permissionsPolicy)
    done()
  })
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    uiConfig: {
      layout: 'BaseLayout',
      docExpansion: 'list',
      defaultModelsExpandDepth: 0,
      tryItOutEnabled: true,
      // A stored token would remain after signing out, and other scripts of this origin could read it.
      persistAuthorization: false,
      validatorUrl: null,
    },
    staticCSP:
      "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; object-src 'none'; \
base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    theme: docsTheme,
    // The layout shows none, and its default is a file that the bundle does not have.
    logo: {} as never,
  })
}
