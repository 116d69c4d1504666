import { hash } from 'node:crypto'
import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance, FastifySchema } from 'fastify'
import { Type } from 'typebox'
import type { EventType } from '../events/catalogue.ts'
import { named, ref } from '../lib/schema.ts'
import { sessionCookie } from './session.ts'

const ErrorAnswer = named(
  'Error',
  Type.Object({
    error: Type.String({ description: 'One sentence that names the field and the rule.' }),
    errors: Type.Optional(
      Type.Array(Type.Object({ field: Type.String(), message: Type.String() }), {
        description: 'With 422: each field that breaks a rule.',
      }),
    ),
  }),
)

/**
 * Describes the events and the routes registered after it; if `isPublic`, with `GET /openapi.json`, and `GET /docs` to read
 * and try them.
 */
export async function describeRoutes(
  app: FastifyInstance,
  version: string,
  events: readonly EventType[],
  isPublic: boolean,
): Promise<void> {
  app.addSchema(ErrorAnswer)
  for (const { schema } of events) app.addSchema(schema)
  app.addHook('onRoute', (route) => {
    const { schema } = route
    if (!schema || schema.hide) return
    schema.response = { ...(schema.response as object), '4xx': ref(ErrorAnswer), '5xx': ref(ErrorAnswer) }
    if (!route.config?.public) schema.security ??= [{ token: [] }, { bearer: [] }, { session: [] }]
  })
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Ndoto',
        version: version,
        description:
          'Conversations between a team and its customers. Times are Unix seconds; an error is `{ "error": "one sentence" }`.',
        license: { name: 'MIT', identifier: 'MIT' },
      },
      servers: [{ url: '/' }],
      webhooks: Object.fromEntries(events.map(asWebhook)),
      components: {
        securitySchemes: {
          token: { type: 'apiKey', in: 'header', name: 'api_access_token' },
          bearer: { type: 'http', scheme: 'bearer' },
          session: {
            type: 'apiKey',
            in: 'cookie',
            name: sessionCookie,
            description:
              'Of `POST /auth/sign_in`. A call that changes something must come from a page of this server.',
          },
        },
      },
    },
    // Not in the hook: it runs several times for a schema that several routes share, such as those of GET and HEAD.
    transform: ({ schema, url, route }) => {
      const isAdministrative = route.config?.administrator === true
      return { schema: withRole(withoutRequiredDefaults(schema), isAdministrative), url }
    },
    refResolver: { buildLocalReference: (schema, _uri, _fragment, i) => String(schema.$id ?? `def-${i}`) },
  })
  if (!isPublic) return
  await app.register(readingPage)
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

/** An event as OpenAPI describes what is sent to others. */
function asWebhook({ name, description, schema }: EventType) {
  const content = { 'application/json': { schema: { $ref: `#/components/schemas/${schema.$id}` } } }
  const responses = { '2XX': { description: 'Taken.' } }
  const post = { summary: description, tags: ['Events'], requestBody: { content }, responses }
  return [name, { post }] as [string, { post: typeof post }]
}

function withRole(schema: FastifySchema, isAdministrative: boolean): FastifySchema {
  if (!isAdministrative) return schema
  const rule = 'Only for administrators. A token needs the scope `admin`.'
  return { ...schema, description: [schema.description, rule].filter(Boolean).join(' ') }
}

/** What has a default is there whenever we look, but the client need not send it. */
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

/** `GET /docs`: a page to read and try the calls. All its files are ours; it asks nobody else for anything. */
async function readingPage(app: FastifyInstance): Promise<void> {
  app.addHook('onRoute', (route) => {
    route.config = { ...route.config, public: true }
  })
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    uiConfig: {
      layout: 'BaseLayout',
      docExpansion: 'list',
      defaultModelsExpandDepth: 0,
      tryItOutEnabled: true,
      // A token in the storage of this origin would outlive the sign-out, and be there for whatever else runs in it.
      persistAuthorization: false,
      validatorUrl: null,
    },
    staticCSP:
      "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; object-src 'none'; \
base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    theme: { title: 'Ndoto API' },
  })
}
