import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { sizeText } from '../lib/size-text.ts'
import type { Database } from './database.ts'
import {
  type BeforeUpgrade,
  type Migration,
  rewrittenTables,
  type Upgrade,
  WrongDatabase,
} from './migrate.ts'
import { postgresVersion } from './migrate-postgres.ts'
import { openPostgres, openPostgresAlongside } from './postgres.ts'
import { withConnection } from './postgres-pool.ts'
import { fileName, openSqlite, openSqliteAlongside } from './sqlite.ts'
import { copiesFolder, copyBeforeUpgrade, sqliteSizes } from './upgrade-copies.ts'

/** Where the data is: in a PostgreSQL database or, without `databaseUrl`, in a directory. */
export interface DatabaseLocation {
  databaseUrl: string | undefined
  dataDir: string
}

/** The settings for opening a database that this process alone migrates. */
export interface OpeningConfig extends DatabaseLocation {
  readThreads: number
  /** The format of the database of which the operator has a backup. */
  backedUpFormat: number | undefined
}

/**
 * Opens the database and migrates it to the newest format. On SQLite, long reads use up to `readThreads` threads, and the
 * database is copied before an upgrade that rewrites data. On PostgreSQL such an upgrade requires `backedUpFormat`.
 * `notice` gets what takes long, as sentences. Throws DirectoryInUse, WrongDatabase (if it is newer, cannot be used, or
 * is not backed up), or an error of the file system.
 */
export async function openDatabase(
  config: OpeningConfig,
  migrations: readonly Migration[],
  notice: (sentence: string) => void = () => {},
): Promise<Database> {
  const { databaseUrl, dataDir, readThreads } = config
  const backUp = databaseUrl ? requireBackup : copySqlite
  const beforeUpgrade: BeforeUpgrade = (upgrade) => {
    const isRewriting = rewrittenTables(upgrade).length > 0
    if (isRewriting && config.backedUpFormat !== upgrade.from) backUp(upgrade, dataDir, notice)
    notice(`Upgrading the database from format ${upgrade.from} to ${upgrade.to} ...`)
  }
  return databaseUrl
    ? openPostgres(databaseUrl, migrations, beforeUpgrade)
    : openSqlite(dataDir, migrations, readThreads, beforeUpgrade)
}

function requireBackup(upgrade: Upgrade): void {
  throw new WrongDatabase(`The upgrade of the database from format ${upgrade.from} to ${upgrade.to} rewrites data in the tables \
${rewrittenTables(upgrade).join(', ')}. Nothing was changed. Back the database up with pg_dump, then start with \
NDOTO_BACKED_UP_FORMAT=${upgrade.from}.`)
}

function copySqlite(upgrade: Upgrade, dataDir: string, notice: (sentence: string) => void): void {
  const { database, free } = sqliteSizes(dataDir, [])
  const folder = join(dataDir, copiesFolder)
  if (free < database) {
    throw new WrongDatabase(`The upgrade of the database from format ${upgrade.from} to ${upgrade.to} rewrites data, so the \
database is copied to ${folder} first. That takes ${sizeText(database)}, but ${sizeText(free)} are free. Nothing was changed. \
Free some space. Or back the database up to another disk, then start with NDOTO_BACKED_UP_FORMAT=${upgrade.from}.`)
  }
  notice(`Copying the database (${sizeText(database)}) to ${folder} before its upgrade ...`)
  copyBeforeUpgrade(dataDir, upgrade.from)
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

/** Whether there is no database of Ndoto yet. Throws WrongDatabase if another program uses it, or it cannot be reached. */
export async function isNewDatabase({ databaseUrl, dataDir }: DatabaseLocation): Promise<boolean> {
  if (databaseUrl) return (await withConnection(databaseUrl, postgresVersion)) === 0
  return !existsSync(join(dataDir, fileName))
}
