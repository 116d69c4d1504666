import type { Database } from './database.ts'
import type { Migration } from './migrate.ts'
import { openPostgres, openPostgresAlongside } from './postgres.ts'
import { openSqlite, openSqliteAlongside } from './sqlite.ts'

/** Where the data is: in a PostgreSQL database or, without `databaseUrl`, in a directory. */
export interface DatabaseLocation {
  databaseUrl: string | undefined
  dataDir: string
}

/**
 * Opens the database and migrates it to the newest format. On SQLite, long reads use up to `readThreads` threads. Throws
 * DirectoryInUse, WrongDatabase (if it is newer, or cannot be used), or an error of the file system.
 */
export async function openDatabase(
  { databaseUrl, dataDir, readThreads }: DatabaseLocation & { readThreads: number },
  migrations: readonly Migration[],
): Promise<Database> {
  return databaseUrl ? openPostgres(databaseUrl, migrations) : openSqlite(dataDir, migrations, readThreads)
}

/**
 * Opens the database for a short task, while servers may be running on it. Throws WrongDatabase if it does not exist,
 * does not have the newest format, or cannot be used.
 */
export async function openDatabaseAlongside(
  { databaseUrl, dataDir }: DatabaseLocation,
  migrations: readonly Migration[],
): Promise<Database> {
  return databaseUrl
    ? openPostgresAlongside(databaseUrl, migrations)
    : openSqliteAlongside(dataDir, migrations)
}
