import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import pg from 'pg'
import { createDatabase, skipWithoutPostgres } from '../../test/databases.ts'
import { migrations } from '../migrations.ts'
import { type Migration, NewerDatabase, newestVersion, WrongDatabase } from './migrate.ts'
import { migratePostgres, postgresVersion } from './migrate-postgres.ts'
import { openPostgres, openPostgresAlongside } from './postgres.ts'

const step = (version: number, name: string, postgres: string): Migration => ({
  version,
  name,
  sqlite: '',
  postgres,
})
const steps: Migration[] = [
  step(1, 'notes', 'create table notes (text text not null)'),
  step(2, 'first note', `insert into notes values ('first')`),
  step(3, 'colours', `alter table notes add column colour text not null default 'red'`),
]

let url: string
let drop: () => Promise<void>
let client: pg.Client
let others: pg.Client[]

beforeEach(async () => {
  others = []
  if (skipWithoutPostgres) return
  const fresh = await createDatabase()
  url = fresh.url
  drop = fresh.drop
  client = await connected()
})
afterEach(async () => {
  for (const other of others) await other.end()
  await drop?.()
})

async function connected(): Promise<pg.Client> {
  const other = new pg.Client({ connectionString: url })
  others.push(other.on('error', () => {}))
  await other.connect()
  return other
}

async function rowsOf(text: string): Promise<unknown[]> {
  return (await client.query(text)).rows
}

const notes = () => rowsOf('select * from notes order by text')
const taken = () => rowsOf('select version::int, name from migrations order by version')
const named = (all: Migration[]) => all.map(({ version, name }) => ({ version, name }))

/** The whole schema of the database: tables with columns, indexes and triggers, and the applied steps. */
async function everything(): Promise<unknown> {
  return [
    await rowsOf(`select oid::int, relname, relkind, relfilenode::int from pg_class
      where relnamespace = 'public'::regnamespace order by oid`),
    await rowsOf(`select attrelid::int, attname, atttypid::int from pg_attribute
      join pg_class on pg_class.oid = attrelid where relnamespace = 'public'::regnamespace order by 1, attnum`),
    await rowsOf('select tgname from pg_trigger order by 1'),
    await rowsOf('select version::int, name, applied_at, xmin::text from migrations order by version'),
  ]
}

describe('Migrating on PostgreSQL', { skip: skipWithoutPostgres }, () => {
  it('applies every step to an empty database in order, once', async () => {
    assert.equal(await postgresVersion(client), 0)
    assert.deepEqual(await migratePostgres(client, steps), steps)
    assert.deepEqual(await notes(), [{ text: 'first', colour: 'red' }])
    assert.deepEqual(await taken(), named(steps))
    assert.deepEqual(await migratePostgres(client, steps), [])
    assert.deepEqual(await notes(), [{ text: 'first', colour: 'red' }])
  })

  it('applies only the new steps to an older database, and keeps its data', async () => {
    await migratePostgres(client, steps.slice(0, 2))
    await client.query(`insert into notes values ('mine')`)
    assert.deepEqual(await migratePostgres(client, steps), [steps[2]])
    assert.deepEqual(await notes(), [
      { text: 'first', colour: 'red' },
      { text: 'mine', colour: 'red' },
    ])
  })

  it('rolls back a step that fails halfway, keeps the ones before it, and can be tried again at once', async () => {
    await migratePostgres(client, steps.slice(0, 1))
    const broken = step(
      3,
      'broken',
      `insert into notes values ('half'); create table half (id int); alter table notes drop column text;
      select nonsense`,
    )
    await assert.rejects(migratePostgres(client, [...steps.slice(0, 2), broken]), /nonsense/)
    assert.equal(client.getTransactionStatus(), 'I')
    assert.equal(await postgresVersion(client), 2)
    assert.deepEqual(await notes(), [{ text: 'first' }])
    // Also if only recording it fails.
    const noted = step(
      3,
      'noted',
      `create table half (id int); insert into migrations values (3, 'too early', 1)`,
    )
    await assert.rejects(migratePostgres(client, [...steps.slice(0, 2), noted]), /duplicate key/)
    assert.deepEqual(await rowsOf(`select to_regclass('half') as half`), [{ half: null }])
    assert.equal(await postgresVersion(client), 2)
    // From another node, because the first must have released the lock.
    assert.deepEqual(await migratePostgres(await connected(), steps), [steps[2]])
  })

  it('rolls back a step whose connection breaks, and rejects; the next node applies it', async () => {
    const node = await connected()
    const { rows } = await node.query('select pg_backend_pid() as pid')
    const slow = step(2, 'slow', `insert into notes values ('half'); select pg_sleep(5)`)
    const broken = assert.rejects(migratePostgres(node, [steps[0]!, slow]), /administrator command/)
    while (
      (
        await rowsOf(`select from pg_stat_activity where query like '%half%' and state = 'active'
      and pid = ${rows[0].pid}`)
      ).length === 0
    ) {
      await setTimeout(10)
    }
    await client.query('select pg_terminate_backend($1)', [rows[0].pid])
    await broken
    assert.equal(await postgresVersion(client), 1)
    assert.deepEqual(await migratePostgres(client, steps), steps.slice(1))
    assert.deepEqual(await notes(), [{ text: 'first', colour: 'red' }])
  })

  it('refuses a newer database with both version numbers, and changes nothing', async () => {
    await migratePostgres(client, steps)
    const before = await everything()
    await assert.rejects(
      migratePostgres(client, steps.slice(0, 2)),
      (error) => error instanceof NewerDatabase && /format 3\b.+ up to 2\b/s.test(error.message),
    )
    assert.deepEqual(await everything(), before)
    assert.deepEqual(await notes(), [{ text: 'first', colour: 'red' }])
  })

  it('refuses the database of another program, names a table, and changes nothing', async () => {
    for (const name of ['orders', 'migrations']) {
      await client.query(`create table ${name} (id bigint, batch bigint)`)
      await assert.rejects(
        migratePostgres(client, steps),
        (error) =>
          error instanceof WrongDatabase && error.message.includes(`"${name}" that is not from Ndoto`),
      )
      const { rows } = await client.query(`select relname from pg_class
        where relnamespace = 'public'::regnamespace and relkind = 'r'`)
      assert.deepEqual(rows, [{ relname: name }])
      await client.query(`drop table ${name}`)
    }
    // An extension is not another program.
    await client.query('create extension if not exists pg_stat_statements').catch(() => {})
    assert.equal((await migratePostgres(client, steps)).length, steps.length)
  })

  it('applies each step once if many nodes start at once, and all of them see the newest format', async () => {
    const slow = steps.map((one) => ({ ...one, postgres: `${one.postgres}; select pg_sleep(0.02)` }))
    const nodes = await Promise.all(Array.from({ length: 6 }, connected))
    const all = await Promise.all(
      nodes.map(async (node) => {
        const own = await migratePostgres(node, slow)
        return { own, version: await postgresVersion(node) }
      }),
    )
    assert.deepEqual(named(all.flatMap(({ own }) => own)), named(steps))
    assert.deepEqual(
      all.map(({ version }) => version),
      nodes.map(() => 3),
    )
    assert.deepEqual(await notes(), [{ text: 'first', colour: 'red' }])
  })

  it('waits for the step of another node as long as necessary, regardless of statement_timeout', async () => {
    const slow = migrations.map((one) => ({ ...one, postgres: `${one.postgres}; select pg_sleep(1)` }))
    // Longer than the timeouts of the server and the client for a statement.
    const address = `${url}?statement_timeout=100`
    const first = migratePostgres(await connected(), slow)
    await setTimeout(100)
    const second = await openPostgres(address, migrations).then(
      async (database) => {
        await database.close()
        return 'opened'
      },
      (error) => error,
    )
    await first
    assert.equal(second, 'opened')
  })
})

describe('The steps of this program on PostgreSQL', { skip: skipWithoutPostgres }, () => {
  it('give every table a primary key, which starts with account_id if the table has that column', async () => {
    const tables = await tablesOfAll()
    assert.ok(tables.length >= 11)
    for (const { name, key, ofAccount } of tables) {
      assert.ok(key, name)
      if (ofAccount) assert.equal(key[0], 'account_id', name)
    }
  })

  it('create the tables that docs/scaling.md distributes, by account_id if they have it and as reference tables otherwise', async () => {
    const page = readFileSync(new URL('../../docs/scaling.md', import.meta.url), 'utf8')
    const documented = page.matchAll(/^select create_(distributed|reference)_table\('(\w+)'/gm)
    const sharded = [...documented].map(([, how, name]) => `${name} ${how}`)
    const made = (await tablesOfAll()).map(
      ({ name, ofAccount }) => `${name} ${ofAccount ? 'distributed' : 'reference'}`,
    )
    assert.deepEqual(sharded.sort(), made.sort())
  })

  it('assign the next positions to events that nodes of an older version have left without one', async () => {
    await migratePostgres(
      client,
      migrations.filter(({ version }) => version < 10),
    )
    const write = (account: number, data: string) =>
      client.query(`insert into events (account_id, name, audience, data, created_at)
        values (${account}, 'message_created', 'agents', '${data}', 0)`)
    const positions = () =>
      rowsOf('select account_id::int as account, position::int, data from events order by id')
    for (const data of ['first', 'second']) await write(1, data)
    await client.query('select number_events(1)')
    await write(2, 'other')
    await migratePostgres(client, migrations)
    await write(1, 'third')
    assert.deepEqual(await positions(), [
      { account: 1, position: 1, data: 'first' },
      { account: 1, position: 2, data: 'second' },
      { account: 2, position: 1, data: 'other' },
      { account: 1, position: 3, data: 'third' },
    ])
  })

  it('wait for a node of an older version that is numbering events', async () => {
    const older = migrations.filter(({ version }) => version < 10)
    await migratePostgres(client, older)
    const node = await connected()
    await node.query(`begin; insert into events (account_id, name, audience, data, created_at)
      values (1, 'message_created', 'agents', 'left', 0); select pg_advisory_xact_lock(7364002, 0)`)
    const migrating = migratePostgres(await connected(), migrations)
    const waiting = `select from pg_stat_activity where wait_event = 'advisory' and datname = current_database()`
    while ((await rowsOf(waiting)).length === 0) await setTimeout(5)
    await node.query('commit')
    await migrating
    assert.deepEqual(await rowsOf('select position::int, data from events'), [{ position: 1, data: 'left' }])
  })

  it('bring e-mail addresses to one form, and leave alone what would become the address of two', async () => {
    await migratePostgres(
      client,
      migrations.filter(({ version }) => version < 12),
    )
    const decomposed = 'jose\u0301@example.com'
    await client.query(`
      insert into users (email, name, password_hash, created_at, updated_at) values ('${decomposed}', 'José', '', 0, 0);
      insert into accounts (name, created_at, updated_at) values ('One', 0, 0), ('Two', 0, 0);
      insert into contacts (account_id, id, name, email, created_at, updated_at) values
        (1, 1, 'composed', 'jos\u00e9@example.com', 0, 0), (1, 2, 'decomposed', '${decomposed}', 0, 0),
        (1, 3, 'none', null, 0, 0), (2, 1, 'alone', '${decomposed}', 0, 0);
      insert into search_documents (account_id, subject, subject_id, words) values (2, 'contact', 1, 'jose');
    `)
    // A later step empties the index of the search, to fill it again.
    await migratePostgres(
      client,
      migrations.filter(({ version }) => version < 22),
    )
    assert.deepEqual(await rowsOf('select email from users'), [{ email: 'jos\u00e9@example.com' }])
    assert.deepEqual(await rowsOf('select email from contacts order by account_id, id'), [
      { email: 'jos\u00e9@example.com' },
      { email: decomposed },
      { email: null },
      { email: 'jos\u00e9@example.com' },
    ])
    assert.equal((await rowsOf('select from search_documents')).length, 1, 'it is still found')
    await client.query(`update contacts set email = 'other@example.com' where account_id = 2`)
    assert.equal((await rowsOf('select from search_documents')).length, 0, 'changes are noticed again')
  })

  async function tablesOfAll() {
    await migratePostgres(client, migrations)
    return (await rowsOf(`select c.relname as name,
        (select array_agg(a.attname::text order by array_position(i.indkey, a.attnum)) from pg_attribute a
          join pg_index i on i.indrelid = c.oid and i.indisprimary and a.attnum = any (i.indkey)
          where a.attrelid = c.oid) as key,
        exists (select from pg_attribute where attrelid = c.oid and attname = 'account_id') as "ofAccount"
      from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
        and c.relname <> 'migrations'`)) as { name: string; key: string[] | null; ofAccount: boolean }[]
  }
})

describe('Opening a database', { skip: skipWithoutPostgres }, () => {
  it('of a newer version is refused everywhere, and changes nothing', async () => {
    await migratePostgres(client, migrations)
    await client.query(`insert into migrations values (999, 'from the future', 1)`)
    const before = await everything()
    for (const open of [openPostgres, openPostgresAlongside]) {
      await assert.rejects(
        open(url, migrations),
        (error) => error instanceof NewerDatabase && /999/.test(error.message),
      )
    }
    assert.deepEqual(await everything(), before)
  })

  it('of an older version migrates it, but not alongside servers that may be running', async () => {
    await assert.rejects(
      openPostgresAlongside(url, migrations),
      (error) => error instanceof WrongDatabase && /empty/.test(error.message),
    )
    assert.equal(await postgresVersion(client), 0)
    await (await openPostgres(url, migrations)).close()
    assert.equal(await postgresVersion(client), newestVersion(migrations))
    assert.deepEqual(await taken(), named([...migrations]))
    const other = await openPostgresAlongside(url, migrations)
    await other.ping()
    await other.close()
  })
})
