import { type RawBuilder, sql } from 'kysely'
import type { Engine, Queries } from './database.ts'
import { prepare } from './prepare.ts'
import type { Tables } from './tables.ts'

/** The columns of rows, and what they are. */
export type Types = Record<string, 'bigint' | 'text'>

/**
 * Rows that come as one parameter, a JSON list of objects, as what stands behind FROM: a thousand of them are one short
 * statement. They are called `r`.
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

/** Inserts rows of one table, many in one statement, in their order. */
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
