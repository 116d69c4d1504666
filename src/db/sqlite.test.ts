import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { migrations } from '../migrations.ts'
import type { Database, Queries } from './database.ts'
import { nextId } from './ids.ts'
import { DirectoryInUse, isLocked } from './lock.ts'
import { WrongDatabase } from './migrate.ts'
import { prepare } from './prepare.ts'
import { fileName, openSqlite, openSqliteAlongside } from './sqlite.ts'

let directory: string
const opened: Database[] = []

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ndoto-sqlite-'))
})
afterEach(async () => {
  for (const database of opened.splice(0)) await database.close()
  rmSync(directory, { recursive: true, force: true })
})

function open(path = directory): Database {
  const database = openSqlite(path, migrations)
  opened.push(database)
  return database
}

async function close(database: Database): Promise<void> {
  opened.splice(opened.indexOf(database), 1)
  await database.close()
}

function add(database: Database, name: string): Promise<void> {
  return database.transaction(null, async (tx) => {
    await tx.sql.insertInto('accounts').values({ name, created_at: 1, updated_at: 1 }).execute()
  })
}

async function names(queries: Queries): Promise<string[]> {
  const rows = await queries.sql.selectFrom('accounts').select('name').orderBy('id').execute()
  return rows.map(({ name }) => name)
}

describe('Opening', () => {
  it('creates a missing directory and its parents, which other users cannot read', () => {
    const below = join(directory, 'a', 'b')
    open(below)
    assert.equal(statSync(below).mode & 0o777, 0o700)
  })

  it('finds the data of an earlier run', async () => {
    const first = open()
    await add(first, 'stored')
    await close(first)
    assert.deepEqual(await names(open().read), ['stored'])
  })

  it('is refused while another process uses the directory, with a message that names that process', async () => {
    const first = open()
    assert.throws(
      () => open(),
      (error) =>
        error instanceof DirectoryInUse &&
        error.message.includes(directory) &&
        error.message.includes(`process ${process.pid},`),
    )
    await add(first, 'undisturbed')
    await close(first)
    assert.deepEqual(await names(open().read), ['undisturbed'])
  })

  it('locks the directory until it is closed, and checking the lock does not take it', async () => {
    assert.equal(isLocked(directory), false)
    const database = open()
    assert.equal(isLocked(directory), true)
    assert.equal(isLocked(directory), true)
    await close(database)
    assert.equal(isLocked(directory), false)
    open()
  })

  it('releases the lock if the database cannot be opened', async () => {
    await close(open())
    const file = new DatabaseSync(join(directory, fileName))
    file.exec(`insert into migrations values (999, 'from the future', 1)`)
    file.close()
    assert.throws(() => open(), /format 999/)
    assert.equal(isLocked(directory), false)
  })
})

describe('Opening alongside a running server', () => {
  it('writes data that the server sees at once, and does not take the lock', async () => {
    const server = open()
    const other = openSqliteAlongside(directory, migrations)
    await add(other, 'from alongside')
    assert.deepEqual(await names(server.read), ['from alongside'])
    await other.close()
    assert.equal(isLocked(directory), true)
    await add(server, 'from the server')
    assert.deepEqual(await names(server.read), ['from alongside', 'from the server'])
  })

  it('is refused if there is no database, and creates none', () => {
    assert.throws(
      () => openSqliteAlongside(directory, migrations),
      (error) => error instanceof WrongDatabase && error.message.includes(directory),
    )
    assert.deepEqual(readdirSync(directory), [])
  })

  it('is refused if the database has an older format', async () => {
    await close(open())
    const file = new DatabaseSync(join(directory, fileName))
    file.exec(`insert into migrations values (999, 'from the future', 1)`)
    assert.throws(() => openSqliteAlongside(directory, migrations), WrongDatabase)
    file.exec('delete from migrations')
    assert.throws(() => openSqliteAlongside(directory, migrations), WrongDatabase)
    file.close()
  })
})

describe('The read connection', () => {
  it('cannot write', async () => {
    const { read } = open()
    const values = { name: 'no', created_at: 1, updated_at: 1 }
    await assert.rejects(read.sql.insertInto('accounts').values(values).execute())
    assert.deepEqual(await names(read), [])
  })

  it('uses one snapshot for the reads of an event loop iteration, and a newer one in the next', async () => {
    const server = open()
    const other = openSqliteAlongside(directory, migrations)
    try {
      assert.deepEqual(await names(server.read), [])
      await setTimeout(1)
      const first = names(server.read)
      await first
      // Both happen in the same iteration of the event loop, because the calls of SQLite are synchronous.
      const other = new DatabaseSync(join(directory, fileName))
      other.exec(`insert into accounts (name, created_at, updated_at) values ('new', 1, 1)`)
      other.close()
      assert.deepEqual(await names(server.read), [])
      await setTimeout(1)
      assert.deepEqual(await names(server.read), ['new'])
    } finally {
      await other.close()
    }
  })

  it('responds to a ping, and rejects it after the database is closed', async () => {
    const database = open()
    await database.ping()
    await close(database)
    await assert.rejects(database.ping())
  })
})

describe('Erasing', () => {
  const secret = 'what-somebody-once-said-and-takes-back'

  function traces(): string[] {
    return readdirSync(directory).filter((file) => readFileSync(join(directory, file)).includes(secret))
  }

  async function erase(database: Database): Promise<void> {
    await database.transaction(null, async (tx) => {
      await tx.sql.updateTable('accounts').set({ name: '' }).execute()
    })
    await database.wipeErased()
  }

  it('leaves no trace in any file, even if the text was in the write-ahead log and in the database', async () => {
    const database = open()
    await add(database, secret)
    await database.wipeErased()
    assert.deepEqual(traces(), [fileName])
    await add(database, secret)
    assert.deepEqual(traces(), [fileName, `${fileName}-wal`])
    await erase(database)
    assert.deepEqual(traces(), [])
  })

  it('leaves no trace if there are many erasures and writes at once', async () => {
    const database = open()
    await Promise.all(Array.from({ length: 20 }, () => add(database, secret)))
    const work = [erase(database), add(database, 'another'), erase(database), erase(database)]
    await Promise.all(work)
    assert.deepEqual(traces(), [])
  })

  it('does not wait for a running backup, and empties the write-ahead log soon after it', async () => {
    const database = open()
    await add(database, secret)
    const reader = new DatabaseSync(join(directory, fileName), { readOnly: true })
    reader.exec('begin')
    reader.prepare('select count(*) from accounts').all()
    const start = performance.now()
    await erase(database)
    assert.ok(performance.now() - start < 1000)
    assert.deepEqual(
      traces(),
      [`${fileName}-wal`],
      'the reader does not hold the log, so the test proves nothing',
    )
    await add(database, 'others write on')
    reader.exec('commit')
    reader.close()
    for (let tries = 0; tries < 50 && traces().length > 0; tries++) await setTimeout(50)
    assert.deepEqual(traces(), [])
  })
})

describe('A prepared query', () => {
  const byName = prepare<{ name: string; low: number }>()((sql, p) =>
    sql.selectFrom('accounts').select(['id', 'name']).where('id', '>=', p.low).where('name', '=', p.name),
  )

  it('uses the parameters of each call', async () => {
    const database = open()
    await add(database, 'a')
    await add(database, 'b')
    assert.deepEqual(await byName(database.read, { name: 'a', low: 0 }), [{ id: 1, name: 'a' }])
    assert.deepEqual(await byName(database.read, { low: 1, name: 'b' }), [{ id: 2, name: 'b' }])
    assert.deepEqual(await byName(database.read, { name: 'b', low: 3 }), [])
    const inside = await database.transaction(null, (tx) => byName(tx, { name: `b' or 1 = 1 --`, low: 0 }))
    assert.deepEqual(inside, [])
  })

  it('returns rows with column names that need quotes', async () => {
    const database = open()
    const odd = `it's "odd" \`name\` __proto__`
    const rows = await database.read.sql
      .selectFrom('accounts')
      .select(({ fn }) => [fn.countAll<number>().as(odd), fn.countAll<number>().as('constructor')])
      .execute()
    assert.deepEqual(rows, [{ [odd]: 0, constructor: 0 }])
  })
})

describe('Ids', () => {
  it('count from 1 for each kind and account, and are never used twice', async () => {
    const database = open()
    await add(database, 'first')
    await add(database, 'second')
    const next = (account: number, kind: 'messages' | 'contacts') =>
      database.transaction(null, (tx) => nextId(tx, account, kind))
    const many = await Promise.all(Array.from({ length: 50 }, () => next(1, 'messages')))
    assert.deepEqual(
      many,
      Array.from({ length: 50 }, (_, index) => index + 1),
    )
    assert.equal(await next(1, 'contacts'), 1)
    assert.equal(await next(2, 'messages'), 1)
    assert.equal(await next(1, 'messages'), 51)
  })
})
