import assert from 'node:assert/strict'
import { type App, type Overrides, startApp } from '../src/app.ts'
import { type Config, readConfig } from '../src/config.ts'
import { assertDocumented } from './assert-documented.ts'
import { assertErrorBody } from './assert-error.ts'
import { createTestData } from './databases.ts'
import { followed } from './events.ts'

/** A response; `body` is parsed if it is JSON, otherwise text. */
export interface ApiResponse {
  status: number
  headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: tests read responses of every shape
  body: any
}

export interface ApiRequest {
  method?: string
  /** Sent as JSON, except for a string, bytes or a form. */
  body?: unknown
  headers?: Record<string, string>
  /** The administrator's by default; null sends no token. */
  token?: string | null
}

/** A real server on an empty database, and a client that checks each response against the OpenAPI document, and the codes of errors. */
export interface TestApp {
  app: App
  config: Config
  /** The administrator's access token. */
  token: string
  /**
   * Calls the API of account 1: `api('/conversations/1/messages')`. Two slashes at the beginning mean a path from the
   * root: `api('//health')`.
   */
  api(path: string, request?: ApiRequest): Promise<ApiResponse>
  /** Stops the server, and starts it again on the same data. */
  restart(): Promise<void>
  /** Stops the server and removes its data. */
  close(): Promise<void>
}

/** No webhook is called: tests of webhooks replace this. */
const withoutCalls: Overrides = { resolve: async () => [] }

/**
 * Starts a server on an empty database, without a rate limit and without logs. `environment` overrides settings,
 * `overrides` intervals and features.
 */
export async function startTestApp(
  environment: Record<string, string> = {},
  overrides: Overrides = {},
): Promise<TestApp> {
  const data = await createTestData()
  const config = readConfig({
    PORT: '0',
    ...data.environment,
    LOG_LEVEL: 'silent',
    NDOTO_RATE_LIMIT: 'off',
    ...environment,
  })
  let app = await startApp(config, { ...withoutCalls, ...overrides })
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
      app = await startApp(config, { ...withoutCalls, ...overrides })
    },
    async close() {
      await app.close()
      await data.remove()
    },
  }
}

async function send(
  app: App,
  ownToken: string,
  path: string,
  request: ApiRequest = {},
): Promise<ApiResponse> {
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
  const result = {
    status: response.status,
    headers: response.headers,
    // The response to HEAD has the content type of the body that it leaves out.
    body: isJson && text !== '' ? JSON.parse(text) : text,
  }
  assertDocumented(app.server, method, url, result)
  if (result.status >= 400 && isJson && text !== '') assertErrorBody(result.status, result.body)
  return result
}

/** Sends a message to a conversation, and returns it. Fails if it is refused. */
export async function sendMessage(
  { api }: TestApp,
  content: string,
  more: object = {},
  conversationId = 1,
): Promise<ApiResponse['body']> {
  const body = { content, message_type: 'outgoing', ...more }
  const response = await api(`/conversations/${conversationId}/messages`, { method: 'POST', body })
  assert.equal(response.status, 201, JSON.stringify(response.body))
  return response.body
}

/** Asserts that a request was refused with a status, and with an error that matches `sentence`. */
export function assertRefused(response: ApiResponse, status: number, sentence: RegExp): void {
  assert.equal(response.status, status, JSON.stringify(response.body))
  assert.match(response.body.error, sentence)
}

/**
 * Returns the rows of all tables, to check that a refused request has changed none. It leaves out what the server
 * changes by itself a moment later: when tokens were used, the positions of events on PostgreSQL, the search, and the
 * deliveries of webhooks. It waits for what follows from earlier requests: who participates in conversations.
 */
export async function readAllRows({ app }: TestApp): Promise<Record<string, object[]>> {
  const { sql } = app.database.read
  await followed({ app }, 'participants')
  const tables: Record<string, object[]> = {}
  for (const { name } of await sql.introspection.getTables()) {
    if (/^(?:search_|followers$|parked_events$|deliver)/.test(name)) continue
    const rows = await sql
      .selectFrom(name as 'messages')
      .selectAll()
      .execute()
    // PostgreSQL returns them in any order.
    tables[name] = rows
      .map((row) => ({ ...row, last_used_at: undefined, position: undefined, due_at: undefined }))
      .filter((row) => !(name === 'counters' && (row as { name?: string }).name === 'events'))
      // Files that nothing uses are deleted at any time.
      .filter((row) => !(name === 'files' && (row as { shares?: number }).shares === 0))
      .sort((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1))
  }
  return tables
}
