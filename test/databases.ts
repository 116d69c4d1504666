import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'

/**
 * The PostgreSQL server to run the tests on, in databases of their own; a user who may create them. Without it they run
 * on SQLite.
 */
export const testDatabaseUrl = process.env.TEST_DATABASE_URL || undefined

/** Why a test that needs a PostgreSQL server is skipped; false where there is one. */
export const skipWithoutPostgres = testDatabaseUrl
  ? false
  : 'needs a PostgreSQL server: npm run test:postgres, with TEST_DATABASE_URL=postgres://USER@HOST/DATABASE'

/** Why a test of what only SQLite has is skipped in a run on PostgreSQL. */
export const skipOnPostgres = testDatabaseUrl ? 'is about the embedded database' : false

/** Where a server of a test keeps its data: settings for it, and how to remove it. */
export interface TestData {
  environment: Record<string, string>
  remove(): Promise<void>
}

/** An empty place of the engine that the tests run on. */
export async function createTestData(): Promise<TestData> {
  const directory = mkdtempSync(join(tmpdir(), 'ndoto-test-'))
  const removeDirectory = () => rmSync(directory, { recursive: true, force: true })
  if (!testDatabaseUrl) return { environment: { DATA_DIR: directory }, remove: async () => removeDirectory() }
  const { url, drop } = await createDatabase()
  return {
    environment: { DATA_DIR: directory, DATABASE_URL: url },
    async remove() {
      removeDirectory()
      await drop()
    },
  }
}

/** An empty database on the test server: its URL, and how to drop it. */
export async function createDatabase(): Promise<{ url: string; drop(): Promise<void> }> {
  const name = `ndoto_test_${randomBytes(8).toString('hex')}`
  await runOnServer(`create database ${name} template template0`)
  const url = new URL(testDatabaseUrl!)
  url.pathname = `/${name}`
  return { url: url.href, drop: () => runOnServer(`drop database ${name} with (force)`) }
}

/** Runs a statement on the test server, past every database of the tests. */
export async function runOnServer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: testDatabaseUrl })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
