import { randomBytes } from 'node:crypto'
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { fileName } from '../src/db/sqlite.ts'

/**
 * The PostgreSQL server to run the tests on, with a user who may create databases: each test gets its own. If it is
 * undefined, the tests run on SQLite.
 */
export const testDatabaseUrl = process.env.TEST_DATABASE_URL || undefined

/** Why a test that requires a PostgreSQL server is skipped; false if there is one. */
export const skipWithoutPostgres = testDatabaseUrl
  ? false
  : 'requires a PostgreSQL server: npm run test:postgres, with TEST_DATABASE_URL=postgres://USER@HOST/DATABASE'

/** Why a test that is only about SQLite is skipped in a run on PostgreSQL. */
export const skipOnPostgres = testDatabaseUrl ? 'is only about SQLite' : false

/**
 * The name of the variable with a database in the newest format: its file or, on PostgreSQL, its name. The run of all tests
 * sets it: to copy it takes a tenth of the time of all migrations.
 */
export const databaseTemplate = 'TEST_DATABASE_TEMPLATE'

/** A data directory, and a database without accounts for the server of a test. */
export interface TestData {
  /** The settings that lead to them. */
  environment: Record<string, string>
  remove(): Promise<void>
}

/** Creates a data directory, and a database of the engine that the tests run on: empty, or a copy of the template. */
export async function createTestData(): Promise<TestData> {
  const template = process.env[databaseTemplate]
  const directory = mkdtempSync(join(tmpdir(), 'ndoto-test-'))
  const removeDirectory = () => rmSync(directory, { recursive: true, force: true })
  if (!testDatabaseUrl) {
    if (template) copyFileSync(template, join(directory, fileName))
    return { environment: { DATA_DIR: directory }, remove: async () => removeDirectory() }
  }
  const { url, drop } = await createDatabase(template)
  const limited = new URL(url)
  // Each connection to a new database first reads its catalog, and a server uses as many as it may from its start on.
  limited.searchParams.set('pool_size', '4')
  // On a busy machine, one of 100 requests at once waits for a connection for longer than the default of 3 seconds.
  limited.searchParams.set('connect_timeout', '30')
  return {
    environment: { DATA_DIR: directory, DATABASE_URL: limited.href },
    async remove() {
      removeDirectory()
      await drop()
    },
  }
}

/** Creates a database on the test server: an empty one, or a copy of another. */
export async function createDatabase(
  template = 'template0',
): Promise<{ url: string; drop(): Promise<void> }> {
  const name = `ndoto_test_${randomBytes(8).toString('hex')}`
  await runOnServer(`create database ${name} template ${template}`)
  const url = new URL(testDatabaseUrl!)
  url.pathname = `/${name}`
  return { url: url.href, drop: () => runOnServer(`drop database ${name} with (force)`) }
}

/** Connects to a new, empty database on the test server, which is dropped at the end of the test. */
export async function connectToNewDatabase(scope: { after(clean: () => unknown): void }): Promise<pg.Client> {
  const { url, drop } = await createDatabase()
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  scope.after(async () => {
    await client.end()
    await drop()
  })
  return client
}

/** Runs a statement in the maintenance database of the test server. */
export async function runOnServer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: testDatabaseUrl })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}

/** A query for the columns of a table that PostgreSQL does not compute itself, `name`: no others can be inserted. */
export function insertableColumns(table: string): string {
  return `select attname as name from pg_attribute where attrelid = '${table}'::regclass and attnum > 0
    and not attisdropped and attgenerated = '' order by attnum`
}
