import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type App, startApp } from '../src/app.ts'
import { type Config, readConfig } from '../src/config.ts'
import { assertDocumented } from './documented.ts'

/** An answer as a test looks at it; `body` is parsed JSON, or the text of what is no JSON. */
export interface Answer {
  status: number
  headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  body: any
}

export interface Request {
  method?: string
  /** Sent as JSON; a string or bytes are sent as they are. */
  body?: unknown
  headers?: Record<string, string>
  /** null sends none; undefined sends the administrator's. */
  token?: string | null
}

/** A real server on a fresh data directory, and a client that checks every answer against the OpenAPI document. */
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

/** Starts a server as the first start does, without a rate limit and logs. `environment` changes settings. */
export async function startTestApp(environment: Record<string, string> = {}): Promise<TestApp> {
  const directory = mkdtempSync(join(tmpdir(), 'ndoto-test-'))
  const config = readConfig({
    PORT: '0',
    DATA_DIR: directory,
    LOG_LEVEL: 'silent',
    NDOTO_RATE_LIMIT: 'off',
    ...environment,
  })
  let app = await startApp(config)
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
      app = await startApp(config)
    },
    async close() {
      await app.close()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

async function send(app: App, ownToken: string, path: string, request: Request = {}): Promise<Answer> {
  const { method = 'GET', body, token = ownToken } = request
  const isRaw = typeof body === 'string' || body instanceof Uint8Array
  const url = path.startsWith('//') ? path.slice(1) : `/api/v1/accounts/1${path}`
  const response = await fetch(app.url + url, {
    method,
    headers: {
      ...(token === null ? {} : { api_access_token: token }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
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

/** Every row of every table, to see that a refused request has changed none; when tokens were used is left out. */
export async function everyRow({ app }: TestApp): Promise<Record<string, object[]>> {
  const { sql } = app.database.read
  const tables: Record<string, object[]> = {}
  for (const { name } of await sql.introspection.getTables()) {
    const rows = await sql
      .selectFrom(name as 'messages')
      .selectAll()
      .execute()
    tables[name] = rows.map((row) => ({ ...row, last_used_at: undefined }))
  }
  return tables
}
