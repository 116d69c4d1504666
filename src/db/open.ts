import type { Database } from './database.ts'
import { openPostgres, openPostgresBeside } from './postgres.ts'
import { openBeside, openSqlite } from './sqlite.ts'

/** Where the data is: in a server's database, or where there is no `databaseUrl` in a directory. */
export interface Whereabouts {
  databaseUrl: string | undefined
  dataDir: string
}

/**
 * Opens the database in the newest format. Throws DirectoryInUse, WrongDatabase (newer, or a server that cannot be
 * used), or what the file system says.
 */
export async function openDatabase({ databaseUrl, dataDir }: Whereabouts): Promise<Database> {
  return databaseUrl ? openPostgres(databaseUrl) : openSqlite(dataDir)
}

/** Opens the database for a moment's work beside servers that may be running on it. Throws WrongDatabase, too. */
export async function openDatabaseBeside({ databaseUrl, dataDir }: Whereabouts): Promise<Database> {
  return databaseUrl ? openPostgresBeside(databaseUrl) : openBeside(dataDir)
}
