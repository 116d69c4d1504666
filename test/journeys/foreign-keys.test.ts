import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { CompiledQuery } from 'kysely'
import { startTestApp, type TestApp } from '../app.ts'

interface ForeignKey {
  table: string
  columns: string[]
  target: string
}

// Their rows are never deleted, or few refer to them.
const fewDeletions = ['accounts', 'users', 'account_users']

describe('The database', () => {
  let test: TestApp
  before(async () => {
    test = await startTestApp()
  })
  after(() => test.close())

  async function run<T>(sql: string): Promise<T[]> {
    return test.app.database.read.run(CompiledQuery.raw(sql)) as Promise<T[]>
  }

  /** The foreign keys for which a deletion reads all rows that could refer to what is deleted. */
  async function withoutIndex(): Promise<string[]> {
    const { engine } = test.app.database.read
    const keys = await (engine === 'sqlite' ? keysOnSqlite() : keysOnPostgres())
    const indexes = await (engine === 'sqlite' ? indexesOnSqlite() : indexesOnPostgres())
    return keys
      .filter(({ target }) => !fewDeletions.includes(target))
      .filter(({ table, columns }) => {
        const leads = (index: string[]) =>
          columns.every((one) => index.slice(0, columns.length).includes(one))
        return !indexes.get(table)?.some(leads)
      })
      .map(({ table, columns, target }) => `${table} (${columns.join(', ')}) -> ${target}`)
  }

  async function tablesOnSqlite(): Promise<string[]> {
    const rows = await run<{ name: string }>(`select name from sqlite_schema where type = 'table'`)
    return rows.map(({ name }) => name)
  }

  async function keysOnSqlite(): Promise<ForeignKey[]> {
    const keys: ForeignKey[] = []
    for (const table of await tablesOnSqlite()) {
      const rows = await run<{ id: number; from: string; table: string }>(
        `pragma foreign_key_list("${table}")`,
      )
      for (const columns of Map.groupBy(rows, ({ id }) => id).values())
        keys.push({ table, columns: columns.map(({ from }) => from), target: columns[0]!.table })
    }
    return keys
  }

  async function indexesOnSqlite(): Promise<Map<string, string[][]>> {
    const all = new Map<string, string[][]>()
    for (const table of await tablesOnSqlite()) {
      const columns = await run<{ name: string; pk: number }>(`pragma table_info("${table}")`)
      const key = columns.filter(({ pk }) => pk > 0).sort((one, other) => one.pk - other.pk)
      const own = [key.map(({ name }) => name)]
      for (const { name } of await run<{ name: string }>(`pragma index_list("${table}")`))
        own.push((await run<{ name: string }>(`pragma index_info("${name}")`)).map((column) => column.name))
      all.set(table, own)
    }
    return all
  }

  function keysOnPostgres(): Promise<ForeignKey[]> {
    return run(`select conrelid::regclass::text as table, confrelid::regclass::text as target,
        array(select attname::text from unnest(conkey) k join pg_attribute on attrelid = conrelid and attnum = k) as columns
      from pg_constraint where contype = 'f'`)
  }

  async function indexesOnPostgres(): Promise<Map<string, string[][]>> {
    const rows = await run<{ table: string; columns: string[] }>(`select indrelid::regclass::text as table,
        array(select attname::text from unnest(indkey) with ordinality k (number, position)
          join pg_attribute on attrelid = indrelid and attnum = number order by position) as columns
      from pg_index`)
    return new Map(
      Map.groupBy(rows, ({ table }) => table)
        .entries()
        .map(([table, own]) => [table, own.map(({ columns }) => columns)]),
    )
  }

  it('deletes rows without reading all that could refer to them', async () => {
    assert.deepEqual(await withoutIndex(), [])
  })

  it('would otherwise be reported', async () => {
    await test.app.database.transaction(null, (tx) =>
      tx.run(CompiledQuery.raw('drop index conversations_source')),
    )
    assert.deepEqual(await withoutIndex(), [
      'conversations (account_id, inbox_id, source_id) -> contact_inboxes',
    ])
  })
})
