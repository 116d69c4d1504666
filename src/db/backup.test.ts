import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { backup } from './backup.ts'
import type { Database } from './database.ts'
import { WrongDatabase } from './migrate.ts'
import { fileName, openSqlite } from './sqlite.ts'

let directory: string
let data: string
let database: Database

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ndoto-backup-'))
  data = join(directory, 'data')
  database = openSqlite(data)
})
afterEach(async () => {
  await database.close()
  rmSync(directory, { recursive: true, force: true })
})

function add(name: string): Promise<void> {
  return database.transaction(null, async (tx) => {
    await tx.sql.insertInto('accounts').values({ name, created_at: 1, updated_at: 1 }).execute()
  })
}

function namesIn(file: string): unknown[] {
  const copy = new DatabaseSync(file, { readOnly: true })
  try {
    return copy
      .prepare('select name from accounts order by id')
      .all()
      .map(({ name }) => name)
  } finally {
    copy.close()
  }
}

describe('a backup', () => {
  it('holds what is committed, also what is still in the log only, and its size is told', async () => {
    await add('one')
    await add('two')
    const file = join(directory, 'copy.db')
    const bytes = backup(data, file)
    assert.equal(bytes, statSync(file).size)
    assert.deepEqual(namesIn(file), ['one', 'two'])
    assert.deepEqual(readdirSync(directory).sort(), ['copy.db', 'data'])
  })

  it('can be opened as the data of a server, which goes on in it', async () => {
    await add('one')
    const other = join(directory, 'other')
    mkdirSync(other)
    backup(data, join(other, fileName))
    const copy = openSqlite(other)
    await copy.transaction(null, async (tx) => {
      await tx.sql.insertInto('accounts').values({ name: 'two', created_at: 1, updated_at: 1 }).execute()
    })
    await copy.close()
    assert.deepEqual(namesIn(join(other, fileName)), ['one', 'two'])
    assert.deepEqual(namesIn(join(data, fileName)), ['one'])
  })

  it('leaves a file that exists as it is, and no other behind', async () => {
    const file = join(directory, 'copy.db')
    writeFileSync(file, 'the backup of last week')
    assert.throws(() => backup(data, file), /copy\.db.* exist|exist.*copy\.db/)
    assert.equal(readFileSync(file, 'utf8'), 'the backup of last week')
    assert.deepEqual(readdirSync(directory).sort(), ['copy.db', 'data'])
  })

  it('of a directory without a database is refused and makes nothing', () => {
    const empty = join(directory, 'empty')
    mkdirSync(empty)
    assert.throws(() => backup(empty, join(directory, 'copy.db')), WrongDatabase)
    assert.deepEqual(readdirSync(directory).sort(), ['data', 'empty'])
  })

  it('into a directory that is missing fails and leaves the data alone', async () => {
    await add('one')
    assert.throws(() => backup(data, join(directory, 'missing', 'copy.db')))
    assert.deepEqual(namesIn(join(data, fileName)), ['one'])
  })
})
