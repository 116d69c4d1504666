import type { Connection } from './connection.ts'
import { type Migration, migrations } from './migrations.ts'

/** There is no database where one must be, or it is another version's; the message is for the operator. */
export class WrongDatabase extends Error {}

/** The database was made by a newer version of the program than this one. */
export class NewerDatabase extends WrongDatabase {}

/** Throws NewerDatabase, touching nothing, where the database is ahead of `steps`. */
export function assertNotNewer(connection: Connection, steps: readonly Migration[] = migrations): void {
  const newest = steps.at(-1)?.version ?? 0
  const version = databaseVersion(connection)
  if (version > newest) throw newerDatabase(version, newest)
}

/** The refusal of a database of format `version` by a program that knows formats up to `newest`. */
export function newerDatabase(version: number, newest: number): NewerDatabase {
  return new NewerDatabase(`The database has format ${version}, but this version of Ndoto knows formats up to ${newest}. \
Start the newer Ndoto that made it, or go back to a backup from before the upgrade.`)
}

/**
 * Brings the database to this program's format, each step in a transaction of its own.
 * Returns the steps taken. Throws NewerDatabase, touching nothing, where the database is ahead.
 */
export function migrate(connection: Connection, steps: readonly Migration[] = migrations): Migration[] {
  assertNotNewer(connection, steps)
  const version = databaseVersion(connection)
  const pending = steps.filter((step) => step.version > version)
  for (const step of pending) apply(connection, step)
  return pending
}

/** The number of the last step that the database has seen; 0 for an empty one. */
export function databaseVersion(connection: Connection): number {
  const { rows: tables } = connection.run(`select 1 from sqlite_schema where name = 'migrations'`)
  if (tables.length === 0) return 0
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
