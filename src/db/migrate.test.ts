import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { migrations } from '../migrations.ts'
import { Connection } from './connection.ts'
import {
  databaseVersion,
  type Migration,
  migrate,
  NewerDatabase,
  newestVersion,
  WrongDatabase,
} from './migrate.ts'
import { fileName, openSqlite } from './sqlite.ts'

const step = (version: number, name: string, sqlite: string): Migration => ({
  version,
  name,
  sqlite,
  postgres: '',
})
const steps: Migration[] = [
  step(1, 'notes', 'create table notes (text text not null) strict'),
  step(2, 'first note', `insert into notes values ('first')`),
  step(3, 'colours', `alter table notes add column colour text not null default 'red'`),
]

let directory: string
let connection: Connection

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ndoto-migrate-'))
  connection = new Connection(join(directory, 'steps.db'))
})
afterEach(() => {
  connection.close()
  rmSync(directory, { recursive: true, force: true })
})

function notes(): unknown[] {
  return connection.run('select * from notes').rows
}

describe('Migrating', () => {
  it('applies every step to an empty database in order, and records when', () => {
    const before = Date.now()
    assert.deepEqual(migrate(connection, steps), steps)
    assert.deepEqual(notes(), [{ text: 'first', colour: 'red' }])
    const taken = connection.run('select * from migrations order by version').rows as {
      version: number
      name: string
      applied_at: number
    }[]
    assert.deepEqual(
      taken.map(({ version, name }) => ({ version, name })),
      steps.map(({ version, name }) => ({ version, name })),
    )
    for (const { applied_at } of taken) assert.ok(applied_at >= before && applied_at <= Date.now())
  })

  it('applies each step once', () => {
    migrate(connection, steps)
    assert.deepEqual(migrate(connection, steps), [])
    assert.deepEqual(notes(), [{ text: 'first', colour: 'red' }])
  })

  it('applies only the new steps to an older database, and keeps its data', () => {
    migrate(connection, steps.slice(0, 2))
    connection.run(`insert into notes values ('mine')`)
    assert.deepEqual(migrate(connection, steps), [steps[2]])
    assert.deepEqual(notes(), [
      { text: 'first', colour: 'red' },
      { text: 'mine', colour: 'red' },
    ])
  })

  it('rolls back a step that fails halfway, keeps the ones before it, and can be tried again', () => {
    const broken = step(3, 'broken', `insert into notes values ('half'); select nonsense`)
    assert.throws(() => migrate(connection, [...steps.slice(0, 2), broken]), /nonsense/)
    assert.equal(connection.inTransaction, false)
    assert.equal(databaseVersion(connection), 2)
    assert.deepEqual(notes(), [{ text: 'first' }])
    assert.deepEqual(migrate(connection, steps), [steps[2]])
  })

  it('refuses a newer database with both version numbers, and changes nothing', () => {
    migrate(connection, steps)
    assert.throws(
      () => migrate(connection, steps.slice(0, 2)),
      (error) => error instanceof NewerDatabase && /format 3\b.+ up to 2\b/s.test(error.message),
    )
    assert.equal(databaseVersion(connection), 3)
    assert.deepEqual(notes(), [{ text: 'first', colour: 'red' }])
  })

  it('refuses the database of another program, names a table, and changes nothing', () => {
    for (const table of ['orders', 'migrations (id integer, batch integer)']) {
      const foreign = new Connection(':memory:')
      foreign.execute(`create table ${table.includes('(') ? table : `${table} (id integer)`}`)
      const [name] = table.split(' ')
      assert.throws(
        () => migrate(foreign, steps),
        (error) =>
          error instanceof WrongDatabase && error.message.includes(`"${name}" that is not from Ndoto`),
      )
      const { rows } = foreign.run('select name from sqlite_schema')
      assert.deepEqual(rows, [{ name }])
      foreign.close()
    }
  })

  it('has version 0 before the first step is finished', () => {
    assert.equal(databaseVersion(connection), 0)
    migrate(connection, steps)
    connection.run('delete from migrations')
    assert.equal(databaseVersion(connection), 0)
  })
})

describe('The steps of this program', () => {
  it('are numbered 1, 2, 3 and the last is the newest version', () => {
    assert.deepEqual(
      migrations.map(({ version }) => version),
      migrations.map((_, index) => index + 1),
    )
    assert.equal(newestVersion(migrations), migrations.length)
  })

  it('are the files in the folders `migrations`, with their numbers and names, for both engines', () => {
    const files = globSync('**/migrations/*.ts', { cwd: new URL('..', import.meta.url) })
    assert.deepEqual(
      files.map((file) => basename(file)).sort(),
      migrations.flatMap(({ version, name }) => {
        const file = `${String(version).padStart(4, '0')}-${name}`
        return [`${file}.postgres.ts`, `${file}.sqlite.ts`]
      }),
    )
  })

  it('give every table a primary key, which starts with account_id if the table has that column', () => {
    migrate(connection, migrations)
    // Not the search index, which is virtual and has shadow tables.
    const tables = connection.run(`select name from pragma_table_list
      where type = 'table' and name not in ('migrations', 'sqlite_sequence', 'sqlite_schema', 'sqlite_temp_schema')`)
      .rows as { name: string }[]
    assert.ok(tables.length >= 11)
    for (const { name } of tables) {
      const columns = connection.run(`select name, pk from pragma_table_info('${name}') order by pk`)
        .rows as {
        name: string
        pk: number
      }[]
      const key = columns.filter(({ pk }) => pk > 0).map((column) => column.name)
      assert.ok(key.length > 0, name)
      if (columns.some((column) => column.name === 'account_id')) assert.equal(key[0], 'account_id', name)
    }
  })

  it('bring e-mail addresses to one form, and leave alone what would become the address of two', () => {
    migrate(
      connection,
      migrations.filter(({ version }) => version < 12),
    )
    const decomposed = 'jose\u0301@example.com'
    connection.execute(`
      insert into users (email, name, password_hash, created_at, updated_at) values ('${decomposed}', 'José', '', 0, 0);
      insert into accounts (name, created_at, updated_at) values ('One', 0, 0), ('Two', 0, 0);
      insert into contacts (account_id, id, name, email, created_at, updated_at) values
        (1, 1, 'composed', 'jos\u00e9@example.com', 0, 0), (1, 2, 'decomposed', '${decomposed}', 0, 0),
        (1, 3, 'none', null, 0, 0), (2, 1, 'alone', '${decomposed}', 0, 0);
      insert into search_documents (id, account_id, subject, subject_id, words) values (1, 2, 'contact', 1, 'jose');
    `)
    // A later step empties the index of the search, to fill it again.
    migrate(
      connection,
      migrations.filter(({ version }) => version < 22),
    )
    const emails = (query: string) =>
      connection.run(query).rows.map((row) => (row as { email: string }).email)
    assert.deepEqual(emails('select email from users'), ['jos\u00e9@example.com'])
    assert.deepEqual(emails('select email from contacts order by account_id, id'), [
      'jos\u00e9@example.com',
      decomposed,
      null,
      'jos\u00e9@example.com',
    ])
    assert.equal(connection.run('select * from search_documents').rows.length, 1, 'it is still found')
    connection.execute(`update contacts set email = 'other@example.com' where account_id = 2`)
    assert.equal(connection.run('select * from search_documents').rows.length, 0, 'changes are noticed again')
  })
})

describe('A database from a newer version', () => {
  function fingerprint(file: string): string {
    return createHash('sha256').update(readFileSync(file)).digest('hex')
  }

  // A copy made by `backup` is not in WAL mode, and must not be switched to it.
  for (const mode of ['wal', 'delete']) {
    it(`is not changed by opening it in journal mode ${mode}`, async () => {
      const file = join(directory, fileName)
      await openSqlite(directory, migrations).close()
      const newer = new DatabaseSync(file)
      newer.exec(`insert into migrations values (999, 'from the future', 1); pragma journal_mode = ${mode}`)
      newer.close()
      const before = fingerprint(file)
      assert.throws(() => openSqlite(directory, migrations), NewerDatabase)
      assert.equal(fingerprint(file), before)
    })
  }
})
