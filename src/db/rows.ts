import { type RawBuilder, sql } from 'kysely'
import type { Engine, Queries } from './database.ts'
import { prepare } from './prepare.ts'
import type { Tables } from './tables.ts'

/** The names and types of columns. */
export type Types = Record<string, 'bigint' | 'text'>

/**
 * A table expression for FROM, named `r`, whose rows are a JSON list of objects in one parameter. So a thousand rows
 * take one short statement.
 */
export function rowsOf(engine: Engine, list: unknown, types: Types): RawBuilder<unknown> {
  const names = Object.entries(types)
  if (engine === 'sqlite') {
    const columns = names.map(([name]) => sql`value ->> ${sql.lit(name)} as ${sql.ref(name)}`)
    return sql`(select ${sql.join(columns)} from json_each(${list})) r`
  }
  const columns = names.map(([name, type]) => sql`${sql.ref(name)} ${sql.raw(type)}`)
  return sql`json_to_recordset(cast(${list} as json)) as r (${sql.join(columns)})`
}

/** Returns a function that inserts rows into a table with one statement, in their order. */
export function inserter<T extends keyof Tables>(
  table: T,
  types: { [C in keyof Tables[T]]?: 'bigint' | 'text' },
): (tx: Queries, rows: readonly object[]) => Promise<void> {
  const names = sql.join(Object.keys(types).map((name) => sql.ref(name)))
  const insert = prepare<{ rows: string }>()((builder, { rows }, engine) => {
    const query = sql`insert into ${sql.table(table)} (${names}) select ${names}
      from ${rowsOf(engine, rows, types as Types)} where true`
    return { compile: () => query.compile(builder) }
  })
  return async (tx, rows) => {
    if (rows.length > 0) await insert(tx, { rows: JSON.stringify(rows) })
  }
}
