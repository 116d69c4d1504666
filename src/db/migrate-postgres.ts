import type { ClientBase } from 'pg'
import {
  type BeforeUpgrade,
  foreignDatabase,
  type Migration,
  newerDatabase,
  newestVersion,
  upgradeOf,
  WrongDatabase,
} from './migrate.ts'

const migrationsLock = 7_364_000

/**
 * Migrates the database of a connection to the newest format, each step in its own transaction. If several nodes start
 * at once, they wait for the first. Returns the steps that were applied. Throws NewerDatabase, without changing
 * anything, if the database is newer than the program.
 */
export async function migratePostgres(
  client: ClientBase,
  steps: readonly Migration[],
  beforeUpgrade?: BeforeUpgrade,
): Promise<Migration[]> {
  await client.query('select pg_advisory_lock($1, 0)', [migrationsLock])
  try {
    const version = await postgresVersion(client)
    const newest = newestVersion(steps)
    if (version > newest) throw newerDatabase(version, newest)
    const upgrade = upgradeOf(steps, version)
    if (upgrade) beforeUpgrade?.(upgrade)
    const pending = steps.filter((step) => step.version > version)
    for (const step of pending) await apply(client, step)
    return pending
  } finally {
    // If the connection is broken, the lock is already released, and the original error must be reported.
    await client.query('select pg_advisory_unlock($1, 0)', [migrationsLock]).catch(() => {})
  }
}

/** Throws WrongDatabase if the database does not have the newest format. */
export async function assertNewestPostgres(client: ClientBase, steps: readonly Migration[]): Promise<void> {
  const version = await postgresVersion(client)
  const newest = newestVersion(steps)
  if (version > newest) throw newerDatabase(version, newest)
  if (version === newest) return
  throw new WrongDatabase(
    version === 0
      ? 'The database of DATABASE_URL is empty. Start Ndoto with it once.'
      : 'The database of DATABASE_URL has an older format than this version of Ndoto. Start this version once, then try again.',
  )
}

// Not those of extensions, such as PostGIS.
const foreignTable = `select relname from pg_class c
  where relnamespace = to_regnamespace(current_schema()) and relkind in ('r', 'p', 'v', 'm', 'f')
    and not exists (select 1 from pg_depend d where d.objid = c.oid and d.deptype = 'e') limit 1`
const ownColumns = `select 1 from pg_attribute
  where attrelid = to_regclass('migrations') and attname in ('version', 'applied_at')`

/**
 * Returns the number of the last migration that was applied; 0 for an empty database. Throws WrongDatabase if another
 * program uses it.
 */
export async function postgresVersion(client: ClientBase): Promise<number> {
  const { rowCount } = await client.query(ownColumns)
  if (rowCount !== 2) {
    const { rows } = await client.query(foreignTable)
    if (rows[0]) throw foreignDatabase(rows[0].relname)
    return 0
  }
  const { rows: versions } = await client.query('select max(version)::int as version from migrations')
  return versions[0].version ?? 0
}

async function apply(client: ClientBase, { version, name, postgres }: Migration): Promise<void> {
  await client.query('begin')
  try {
    await client.query(
      'create table if not exists migrations (version bigint primary key, name text not null, applied_at bigint not null)',
    )
    await client.query(postgres)
    await client.query('insert into migrations values ($1, $2, $3)', [version, name, Date.now()])
    await client.query('commit')
  } catch (error) {
    await client.query('rollback').catch(() => {})
    throw error
  }
}
