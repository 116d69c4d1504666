import {
  type AliasedRawBuilder,
  type Compilable,
  CompiledQuery,
  type Expression,
  type Kysely,
  type RawBuilder,
  type Selectable,
  sql,
} from 'kysely'
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

/**
 * A table for FROM that SQLite reads by an index. It has no statistics, so for a list of values it may read all rows of the
 * account instead.
 */
export function byIndex<T extends keyof Tables>(
  engine: Engine,
  table: T,
  index: string,
): AliasedRawBuilder<Selectable<Tables[T]>, T> {
  const name = sql.table(table)
  return sql<Selectable<Tables[T]>>`${name}`.as<T>(
    engine === 'sqlite' ? sql`${name} indexed by ${sql.ref(index)}` : name,
  )
}

/** The values of a row of a list. */
type Values<T extends Types> = { [C in keyof T]: T[C] extends 'text' ? string : number }

/**
 * Prepares a query that runs for each row of a list, and returns what it has found for all of them. `build` gets the
 * columns of the row along with the parameters. On PostgreSQL it is one statement. There the subquery is evaluated row
 * by row: a join of a table without statistics might read all rows of the account.
 */
export function prepareForEach<P extends object>() {
  return <T extends Types, R>(
    types: T,
    build: (sql: Kysely<Tables>, parameters: P & Values<T>, engine: Engine) => Expression<R> & Compilable<R>,
  ): ((queries: Queries, parameters: P, rows: readonly Values<T>[]) => Promise<R[]>) => {
    const findOne = prepare<P & Values<T>>()(build)
    const findAll = prepare<P & { rows: string }>()((builder, parameters, engine) => {
      const columns = Object.fromEntries(Object.keys(types).map((name) => [name, sql.ref(`r.${name}`)]))
      const get = (_: object, name: string) => columns[name] ?? parameters[name as keyof P]
      const one = build(builder, new Proxy({}, { get }) as P & Values<T>, engine)
      // Without OFFSET, the planner would make a join of it.
      const query = sql<R>`select x.* from ${rowsOf(engine, parameters.rows, types)}
        cross join lateral (${one} offset 0) x`
      return { compile: () => query.compile(builder) }
    })
    return async (queries, parameters, rows) => {
      if (rows.length === 0) return []
      if (queries.engine === 'postgres')
        return findAll(queries, { ...parameters, rows: JSON.stringify(rows) })
      // SQLite has no lateral joins, and no round trips that one would save.
      const found: R[] = []
      for (const row of rows) found.push(...(await findOne(queries, { ...parameters, ...row })))
      return found
    }
  }
}

/**
 * Returns a function that inserts rows into a table, in their order. On PostgreSQL it is one statement. `conflict` is
 * the clause ON CONFLICT.
 */
export function inserter<T extends keyof Tables>(
  table: T,
  types: { [C in keyof Tables[T]]?: 'bigint' | 'text' },
  conflict = '',
): (tx: Queries, rows: readonly object[]) => Promise<void> {
  const columns = Object.keys(types)
  const names = sql.join(columns.map((name) => sql.ref(name)))
  const insertJson = prepare<{ rows: string }>()((builder, { rows }, engine) => {
    const query = sql`insert into ${sql.table(table)} (${names}) select ${names}
      from ${rowsOf(engine, rows, types as Types)} where true ${sql.raw(conflict)}`
    return { compile: () => query.compile(builder) }
  })
  const insertBound = boundInserter(table, columns, conflict)
  return async (tx, rows) => {
    if (rows.length === 0) return
    if (tx.engine === 'postgres') await insertJson(tx, { rows: JSON.stringify(rows) })
    else await insertBound(tx, rows)
  }
}

// Rows in one statement of SQLite. More save little, and each number of rows needs a statement of its own.
const boundRows = 32

/*
 * SQLite has no round trips that a list of rows could save, and reads each field of a JSON object five times as slowly as
 * a bound value.
 */
function boundInserter(table: string, columns: string[], conflict: string) {
  const row = `(${columns.map(() => '?').join(', ')})`
  const insert = (count: number) =>
    `insert into "${table}" (${columns.map((name) => `"${name}"`).join(', ')}) values ${Array(count).fill(row).join(', ')} ${conflict}`
  const [many, one] = [insert(boundRows), insert(1)]
  return async (tx: Queries, rows: readonly object[]) => {
    for (let from = 0; from < rows.length; ) {
      const count = rows.length - from >= boundRows ? boundRows : 1
      const values = rows
        .slice(from, from + count)
        .flatMap((record) => columns.map((name) => (record as Record<string, unknown>)[name] ?? null))
      await tx.run(CompiledQuery.raw(count === 1 ? one : many, values))
      from += count
    }
  }
}
