import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { type App, startApp } from '../src/app.ts'
import { readConfig } from '../src/config.ts'
import { openDatabaseAlongside } from '../src/db/open.ts'
import { migrations } from '../src/migrations.ts'
import type { TestApp } from './app.ts'
import type { Chatwoot } from './chatwoot.ts'
import { aliceToken } from './chatwoot-sample.ts'
import { createTestData, type TestData } from './databases.ts'
import { atEnd, program, runProgram } from './process.ts'
import { assertStoredCounts } from './stored-counts.ts'

type Scope = Parameters<typeof atEnd>[0]

/** An installation of Ndoto, which is empty until something is imported. */
export async function createTarget(scope: Scope, settings: Record<string, string> = {}) {
  const data: TestData = await createTestData()
  atEnd(scope, () => data.remove())
  const { DATA_DIR = '', ...environment } = { ...data.environment, ...settings }
  let app: App | undefined
  atEnd(scope, () => app?.close())
  const reports = join(DATA_DIR, 'reports')
  mkdirSync(reports)
  const target = {
    reports,
    async run(chatwoot: Chatwoot, ...options: string[]) {
      const args = ['import-chatwoot', '--from', chatwoot.url, '--report', reports, ...options]
      const { code, stdout, stderr } = await runProgram(args, { data: DATA_DIR, environment })
      assert.equal(code, 0, stderr)
      return stdout
    },
    /** Runs an import that is refused, and returns what it says. */
    async refused(chatwoot: Chatwoot): Promise<string> {
      const args = ['import-chatwoot', '--from', chatwoot.url, '--report', reports]
      const { code, stderr } = await runProgram(args, { data: DATA_DIR, environment })
      assert.equal(code, 1)
      return stderr
    },
    /** Kills an import when it has stored some messages. */
    async killAfterMessages(chatwoot: Chatwoot, count: number) {
      const args = [program, 'import-chatwoot', '--from', chatwoot.url, '--report', reports]
      const child = spawn(process.execPath, args, {
        env: { ...process.env, ...data.environment },
        stdio: 'ignore',
      })
      const ended = once(child, 'exit')
      const settings = readConfig({ ...data.environment })
      const open = () => openDatabaseAlongside(settings, migrations).catch(() => undefined)
      let database = await open()
      // It is stopped while this looks: on a busy machine it would otherwise end between two looks.
      for (let stored = 0; stored < count && child.exitCode === null; ) {
        child.kill('SIGCONT')
        await sleep(20)
        child.kill('SIGSTOP')
        database ??= await open()
        const rows = database?.read.sql.selectFrom('messages').select('id').limit(count).execute()
        stored = (await rows)?.length ?? 0
      }
      child.kill('SIGKILL')
      await ended
      await database?.close()
    },
    async start() {
      const all = { PORT: '0', DATA_DIR, ...environment, LOG_LEVEL: 'silent', NDOTO_RATE_LIMIT: 'off' }
      app = await startApp(readConfig(all), { resolve: async () => [] })
      return app
    },
    async api(path: string, { token = aliceToken, method = 'GET', body }: Request = {}) {
      const response = await fetch(
        `${app!.url}${path.startsWith('//') ? path.slice(1) : `/api/v1/accounts/1${path}`}`,
        {
          method,
          headers: {
            ...(token ? { api_access_token: token } : {}),
            ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        },
      )
      const text = await response.text()
      return { status: response.status, headers: response.headers, body: text ? JSON.parse(text) : undefined }
    },
    /** Asserts that what triggers store about conversations and contacts is what their rows say. */
    assertCounts: () => assertStoredCounts({ app } as TestApp),
    /** The rows of a query in the database of Ndoto. */
    async query(text: string): Promise<Record<string, unknown>[]> {
      return (await sql.raw<Record<string, unknown>>(text).execute(app!.database.read.sql)).rows
    },
    /** The content of a file, whose link has the port of the settings. */
    async file(link: string): Promise<string> {
      const { pathname, search } = new URL(link)
      return (await fetch(app!.url + pathname + search)).text()
    },
    async messages(conversationId: number): Promise<Message[]> {
      return (await target.api(`/conversations/${conversationId}/messages?include_deleted=true`)).body.payload
    },
  }
  return target
}
export type Target = Awaited<ReturnType<typeof createTarget>>

/** A call of the API. */
export interface Request {
  token?: string | null
  method?: string
  body?: object
}

// biome-ignore lint/suspicious/noExplicitAny: tests read fields of every shape
export type Message = any

/** The rows of a table of the report: in Chatwoot, stored, changed, there already, left out. */
export function counts(report: string, table: string): number[] {
  const line = report.split('\n').find((one) => one.startsWith(`${table} `))
  return (line ?? '')
    .split(/\s{2,}/)
    .slice(1)
    .map((one) => Number(one.replaceAll(',', '')))
}
