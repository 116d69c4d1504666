import type { Database } from './database.ts'
import { DirectoryInUse, lockDirectory } from './lock.ts'
import type { Migration } from './migrate.ts'
import type { DatabaseLocation } from './open.ts'
import { openPostgresAlongside } from './postgres.ts'
import { serverLock } from './postgres-listener.ts'
import { withConnection } from './postgres-pool.ts'
import { openSqliteAlongside } from './sqlite.ts'

/**
 * Runs `work` on the database, and excludes servers meanwhile. Throws DirectoryInUse if one is running, and
 * WrongDatabase if the database does not have the newest format or cannot be used.
 */
export function withoutServers<T>(
  { databaseUrl, dataDir }: DatabaseLocation,
  migrations: readonly Migration[],
  work: (database: Database) => Promise<T>,
): Promise<T> {
  return databaseUrl ? onPostgres(databaseUrl, migrations, work) : onSqlite(dataDir, migrations, work)
}

async function onSqlite<T>(
  directory: string,
  migrations: readonly Migration[],
  work: (database: Database) => Promise<T>,
): Promise<T> {
  const { release } = lockDirectory(directory)
  try {
    return await closing(openSqliteAlongside(directory, migrations), work)
  } finally {
    release()
  }
}

/** A server that starts at this moment can be missed, because its listener takes the lock a little later. */
async function onPostgres<T>(
  url: string,
  migrations: readonly Migration[],
  work: (database: Database) => Promise<T>,
): Promise<T> {
  // Not inside the callback: its errors would be explained as errors of the connection.
  let run: Promise<T> | undefined
  await withConnection(url, async (client) => {
    const { rows } = await client.query('select pg_try_advisory_lock($1, 0) as locked', [serverLock])
    if (!rows[0].locked) return
    run = openPostgresAlongside(url, migrations).then((database) => closing(database, work))
    await run.catch(() => {})
  })
  if (!run)
    throw new DirectoryInUse('Servers are running on the database of DATABASE_URL. Stop all of them first.')
  return run
}

async function closing<T>(database: Database, work: (database: Database) => Promise<T>): Promise<T> {
  try {
    return await work(database)
  } finally {
    await database.close()
  }
}
