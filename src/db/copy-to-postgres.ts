import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { ClientBase } from 'pg'
import { Connection } from './connection.ts'
import { DirectoryInUse, isLocked, lockDirectory } from './lock.ts'
import { databaseVersion, type Migration, newerDatabase, newestVersion, WrongDatabase } from './migrate.ts'
import { migratePostgres, postgresVersion } from './migrate-postgres.ts'
import { withConnection } from './postgres-pool.ts'
import { fileName } from './sqlite.ts'
import { type CopyRules, type Table, tablesToCopy } from './tables-to-copy.ts'

// Limits of one statement: rows, and characters of their JSON.
const maxRows = 2000
const maxTextLength = 1_000_000

/** The newest format of both databases. */
export interface CopyFormat extends Required<CopyRules> {
  migrations: readonly Migration[]
}

/**
 * Copies the SQLite database in `directory` into the empty PostgreSQL database of `url`, in one transaction. Changes
 * nothing in `directory`. Calls `progress` with the number of copied rows and of all rows, and returns the latter.
 * Throws DirectoryInUse if a server runs on the directory, and WrongDatabase if one of the databases cannot be used or
 * the target is not empty.
 */
export async function copyToPostgres(
  directory: string,
  url: string,
  format: CopyFormat,
  progress: (done: number, all: number) => void,
): Promise<number> {
  const { source, release } = openSource(directory, newestVersion(format.migrations))
  try {
    return await withConnection(url, async (target) => {
      await assertEmpty(target, format)
      await migratePostgres(target, format.migrations)
      return transfer(source, target, format, progress)
    })
  } finally {
    source.close()
    release()
  }
}

/** Takes the lock of the directory, because the copy would miss what a running server writes. */
function openSource(directory: string, newest: number): { source: Connection; release: () => void } {
  const file = join(directory, fileName)
  if (!existsSync(file)) {
    throw new WrongDatabase(`${file} does not exist. Set --from to the directory that contains ${fileName}.`)
  }
  if (isLocked(directory)) throw new DirectoryInUse(`A server runs on ${directory}. Stop it first.`)
  const { release } = lockDirectory(directory)
  try {
    const source = new Connection(file, { readOnly: true })
    const version = databaseVersion(source)
    if (version > newest) throw newerDatabase(version, newest)
    if (version < newest) {
      throw new WrongDatabase(
        `${file} has format ${version}, but this version of Ndoto uses format ${newest}. Start it once on ${directory}, stop it, and then copy.`,
      )
    }
    return { source, release }
  } catch (error) {
    release()
    throw error
  }
}

async function assertEmpty(target: ClientBase, { skippedTables }: CopyFormat): Promise<void> {
  const { rows } = await target.query(`select c.relname as name from pg_class c
    where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'f') order by 1`)
  const names: string[] = rows.map(({ name }) => name)
  if ((await postgresVersion(target)) === 0) return
  for (const name of names.filter((one) => one !== 'migrations' && !skippedTables.includes(one))) {
    const { rowCount } = await target.query(`select from "${name}" limit 1`)
    if (rowCount === 0) continue
    throw new WrongDatabase(
      `The target is not empty: its table "${name}" has rows. Drop that database and create it again, or use another one.`,
    )
  }
}

async function transfer(
  source: Connection,
  target: ClientBase,
  format: CopyFormat,
  progress: (done: number, all: number) => void,
): Promise<number> {
  source.execute('begin')
  const tables = await tablesToCopy(source, target, format)
  const all = tables.reduce((sum, { name }) => sum + countOf(source, name), 0)
  let done = 0
  // If this machine is gone without a word, its locks go, too; a disk may still be slow.
  await target.query(`set idle_in_transaction_session_timeout = '5min'`)
  await target.query('begin')
  // Whoever starts a server on it meanwhile waits. One of two copies comes second, and finds that it is not empty.
  await target.query(
    `lock table ${tables.map(({ name }) => `"${name}"`).join(', ')} in access exclusive mode`,
  )
  await assertEmpty(target, format)
  // The rows that triggers would create are copied too.
  for (const { name } of tables) await target.query(`alter table "${name}" disable trigger user`)
  for (const table of tables) {
    const insert = insertOf(table)
    for (const chunk of chunksOf(source, table)) {
      done += (await target.query({ name: table.name, text: insert, values: [chunk] })).rowCount ?? 0
      progress(done, all)
    }
  }
  if (done !== all) throw new Error(`${done} of ${all} rows were copied`)
  for (const { name } of tables) await target.query(`alter table "${name}" enable trigger user`)
  await setSequences(source, target, format)
  await target.query('commit')
  // Otherwise the first queries would be planned for empty tables, and read the row of each entry of an index.
  await target.query('vacuum (analyze)')
  return all
}

function countOf(source: Connection, table: string): number {
  const { rows } = source.run(`select count(*) as count from "${table}"`)
  return (rows[0] as { count: number }).count
}

function insertOf({ name, columns }: Table): string {
  const names = columns.map((column) => `"${column.name}"`).join(', ')
  const shape = columns.map((column) => `"${column.name}" ${column.type}`).join(', ')
  return `insert into "${name}" (${names}) select ${names} from json_to_recordset($1) as r (${shape})`
}

/** Yields the rows of a table in the order of its key, as JSON lists within the limits of one statement. */
function* chunksOf(source: Connection, { name, columns, key }: Table): Iterable<string> {
  const pairs = columns.map((column) => `'${column.name}', "${column.name}"`).join(', ')
  const order = key.map((column) => `"${column}"`).join(', ')
  let rows: string[] = []
  let size = 0
  const take = () => {
    const chunk = `[${rows.join(',')}]`
    rows = []
    size = 0
    return chunk
  }
  for (const [row] of source.each(`select json_object(${pairs}) from "${name}" order by ${order}`)) {
    rows.push(row as string)
    size += (row as string).length
    if (rows.length === maxRows || size >= maxTextLength) yield take()
  }
  if (rows.length > 0) yield take()
}

/** Sets the sequences so that no id is used again, including ids of deleted rows. */
async function setSequences(source: Connection, target: ClientBase, format: CopyFormat): Promise<void> {
  const { rows: sequences } = source.run('select name, seq as last from sqlite_sequence')
  for (const { name, last } of sequences as { name: string; last: number }[]) {
    if (last > 0) await target.query(`select setval(pg_get_serial_sequence($1, 'id'), $2)`, [name, last])
  }
  // A sequence counts per installation, and a counter per account.
  for (const [sequence, counter] of Object.entries(format.sequences)) {
    const { rows } = source.run('select max(value) as last from counters where name = ?', [counter])
    const { last } = rows[0] as { last: number | null }
    if (last !== null) await target.query('select setval($1, $2)', [sequence, last])
  }
}
