import type { Connection } from './connection.ts'

/**
 * A numbered step of the database format, as SQL of each engine. Steps are numbered across all folders, go forward only
 * and are never edited.
 */
export interface Migration {
  version: number
  name: string
  sqlite: string
  postgres: string
  /**
   * The tables whose existing content the step changes or removes, under their names before it. The database is backed
   * up before such a step.
   */
  rewrites?: readonly string[]
}

/** The steps that a database of format `from`, which is not empty, needs. */
export interface Upgrade {
  from: number
  to: number
  steps: readonly Migration[]
}

/** Called before the first step of an upgrade. If it throws, nothing is changed. */
export type BeforeUpgrade = (upgrade: Upgrade) => void

/** Returns the upgrade of a database of format `from`; undefined if it is empty, or needs none. */
export function upgradeOf(steps: readonly Migration[], from: number): Upgrade | undefined {
  const to = newestVersion(steps)
  if (from === 0 || from >= to) return undefined
  return { from, to, steps: steps.filter(({ version }) => version > from) }
}

/** Returns the names of the tables that an upgrade rewrites, each once. */
export function rewrittenTables({ steps }: Upgrade): string[] {
  return [...new Set(steps.flatMap(({ rewrites = [] }) => rewrites))]
}

/** Returns the database format after these steps. */
export function newestVersion(steps: readonly Migration[]): number {
  return steps.at(-1)?.version ?? 0
}

/** The database is missing, cannot be used, or is of another version. The message is for the operator. */
export class WrongDatabase extends Error {}

/** The database was created or migrated by a newer version of the program. */
export class NewerDatabase extends WrongDatabase {}

/** Creates the error for a database with a table of another program. */
export function foreignDatabase(table: string): WrongDatabase {
  return new WrongDatabase(`The database has a table "${table}" that is not from Ndoto. Nothing was changed. \
Give Ndoto a database of its own.`)
}

/** Throws NewerDatabase if the database is newer than `steps`, or WrongDatabase if another program uses it. Changes nothing. */
export function assertUsable(connection: Connection, steps: readonly Migration[]): void {
  const newest = newestVersion(steps)
  const version = databaseVersion(connection)
  if (version > newest) throw newerDatabase(version, newest)
}

/** Creates the error for a database of format `version` when the program supports formats up to `newest`. */
export function newerDatabase(version: number, newest: number): NewerDatabase {
  return new NewerDatabase(`The database has format ${version}, but this version of Ndoto supports formats up to ${newest}. \
Start the newer version of Ndoto, or restore a backup from before the upgrade.`)
}

/**
 * Migrates the database to the newest format, each step in its own transaction. Returns the steps that were applied.
 * Throws NewerDatabase, without changing anything, if the database is newer than the program.
 */
export function migrate(
  connection: Connection,
  steps: readonly Migration[],
  beforeUpgrade?: BeforeUpgrade,
): Migration[] {
  assertUsable(connection, steps)
  const version = databaseVersion(connection)
  const upgrade = upgradeOf(steps, version)
  if (upgrade) beforeUpgrade?.(upgrade)
  const pending = steps.filter((step) => step.version > version)
  for (const step of pending) apply(connection, step)
  return pending
}

/**
 * Returns the number of the last migration that was applied; 0 for an empty database. Throws WrongDatabase if another
 * program uses it.
 */
export function databaseVersion(connection: Connection): number {
  const { rows: columns } = connection.run(
    `select 1 from pragma_table_info('migrations') where name in ('version', 'applied_at')`,
  )
  if (columns.length < 2) {
    const { rows } = connection.run(
      `select name from sqlite_schema where type in ('table', 'view') and name not like 'sqlite\\_%' escape '\\' limit 1`,
    )
    const [table] = rows as { name: string }[]
    if (table) throw foreignDatabase(table.name)
    return 0
  }
  const { rows } = connection.run('select max(version) as version from migrations')
  return (rows[0] as { version: number | null }).version ?? 0
}

function apply(connection: Connection, { version, name, sqlite }: Migration): void {
  connection.execute('begin immediate')
  try {
    connection.execute(`create table if not exists migrations (
      version integer primary key,
      name text not null,
      applied_at integer not null
    ) strict`)
    connection.execute(sqlite)
    connection.run('insert into migrations values (?, ?, ?)', [version, name, Date.now()])
    connection.execute('commit')
  } catch (error) {
    if (connection.inTransaction) connection.execute('rollback')
    throw error
  }
}
