import assert from 'node:assert/strict'
import { type App, type Overrides, startApp } from '../src/app.ts'
import { type Config, readConfig } from '../src/config.ts'
import { startDelivering } from '../src/features/webhooks/deliverer.ts'
import { features as allFeatures } from '../src/features.ts'
import type { Feature } from '../src/http/feature.ts'
import { assertDocumented } from './documented.ts'
import { freshPlace } from './engines.ts'

/** An answer as a test looks at it; `body` is parsed JSON, or the text of what is no JSON. */
export interface Answer {
  status: number
  headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  body: any
}

export interface Request {
  method?: string
  /** Sent as JSON; a string, bytes or a form are sent as they are. */
  body?: unknown
  headers?: Record<string, string>
  /** null sends none; undefined sends the administrator's. */
  token?: string | null
}

/** A real server on a fresh database, and a client that checks every answer against the OpenAPI document. */
export interface TestApp {
  app: App
  config: Config
  /** The administrator's. */
  token: string
  /** Of the account 1: `api('/conversations/1/messages')`. A path that begins with `//` is taken from the root. */
  api(path: string, request?: Request): Promise<Answer>
  /** Stops it and starts it on the same data. */
  restart(): Promise<void>
  /** Stops it and removes its data. */
  close(): Promise<void>
}

/** The features as they are, but whatever webhook a test makes, nobody outside is called. */
const callingNobody = allFeatures.map((feature): Feature => {
  if (feature.name !== 'webhooks') return feature
  return { ...feature, start: (...context) => startDelivering(...context, { resolve: async () => [] }) }
})

/**
 * Starts a server as the first start does, without a rate limit and logs. `environment` changes settings, `overrides`
 * intervals and features.
 */
export async function startTestApp(
  environment: Record<string, string> = {},
  overrides: Overrides = {},
): Promise<TestApp> {
  const place = await freshPlace()
  const config = readConfig({
    PORT: '0',
    ...place.environment,
    LOG_LEVEL: 'silent',
    NDOTO_RATE_LIMIT: 'off',
    ...environment,
  })
  let app = await startApp(config, { features: callingNobody, ...overrides })
  const token = app.installation!.token
  return {
    get app() {
      return app
    },
    config,
    token,
    api: (path, request) => send(app, token, path, request),
    async restart() {
      await app.close()
      app = await startApp(config, { features: callingNobody, ...overrides })
    },
    async close() {
      await app.close()
      await place.remove()
    },
  }
}

async function send(app: App, ownToken: string, path: string, request: Request = {}): Promise<Answer> {
  const { method = 'GET', body, token = ownToken } = request
  const isForm = body instanceof FormData
  const isRaw = isForm || typeof body === 'string' || body instanceof Uint8Array
  const url = path.startsWith('//') ? path.slice(1) : `/api/v1/accounts/1${path}`
  const response = await fetch(app.url + url, {
    method,
    headers: {
      ...(token === null ? {} : { api_access_token: token }),
      ...(body === undefined || isForm ? {} : { 'content-type': 'application/json' }),
      ...request.headers,
    },
    ...(body === undefined ? {} : { body: isRaw ? (body as string) : JSON.stringify(body) }),
  })
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.startsWith('application/json')
  const answer = {
    status: response.status,
    headers: response.headers,
    // The answer to HEAD names the type of the body that it leaves out.
    body: isJson && text !== '' ? JSON.parse(text) : text,
  }
  assertDocumented(app.server, method, url, answer)
  return answer
}

/** Sends a message to conversation 1 and gives it; fails where it is refused. */
export async function say(
  { api }: TestApp,
  content: string,
  more: object = {},
  conversationId = 1,
): Promise<Answer['body']> {
  const body = { content, message_type: 'outgoing', ...more }
  const answer = await api(`/conversations/${conversationId}/messages`, { method: 'POST', body })
  assert.equal(answer.status, 201, JSON.stringify(answer.body))
  return answer.body
}

/** Asserts a refusal: its status, and that its sentence says what it should. */
export function assertRefused(answer: Answer, status: number, sentence: RegExp): void {
  assert.equal(answer.status, status, JSON.stringify(answer.body))
  assert.match(answer.body.error, sentence)
}

/**
 * Every row of every table, to see that a refused request has changed none. Left out is what changes by itself a moment
 * later: when tokens were used, the positions of events on PostgreSQL, the search, and the deliveries of webhooks.
 */
export async function everyRow({ app }: TestApp): Promise<Record<string, object[]>> {
  const { sql } = app.database.read
  const tables: Record<string, object[]> = {}
  for (const { name } of await sql.introspection.getTables()) {
    if (/^(?:search|webhook)_/.test(name)) continue
    const rows = await sql
      .selectFrom(name as 'messages')
      .selectAll()
      .execute()
    // PostgreSQL gives them in an order of its own.
    tables[name] = rows
      .map((row) => ({ ...row, last_used_at: undefined, position: undefined, due_at: undefined }))
      .filter((row) => !(name === 'counters' && (row as { name?: string }).name === 'events'))
      .sort((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1))
  }
  return tables
}
