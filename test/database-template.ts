import { join } from 'node:path'
import { readConfig } from '../src/config.ts'
import { openDatabase } from '../src/db/open.ts'
import { fileName } from '../src/db/sqlite.ts'
import { migrations } from '../src/migrations.ts'
import { createTestData, databaseTemplate } from './databases.ts'

/** A database in the newest format, without any data. */
export interface DatabaseTemplate {
  /** What tells the tests to copy it. */
  environment: Record<string, string>
  remove(): Promise<void>
}

/** Creates the database of which those of a run are copies. */
export async function createTemplate(): Promise<DatabaseTemplate> {
  const { environment, remove } = await createTestData()
  const { DATA_DIR, DATABASE_URL } = environment
  const database = await openDatabase(readConfig(environment), migrations)
  await database.close()
  const name = DATABASE_URL ? new URL(DATABASE_URL).pathname.slice(1) : join(DATA_DIR!, fileName)
  return { environment: { [databaseTemplate]: name }, remove }
}
