import { type Compilable, type CompiledQuery, type Kysely, type RawBuilder, sql } from 'kysely'
import type { HasSlots } from '../lib/slot.ts'
import type { Engine, Queries } from './database.ts'
import type { Tables } from './tables.ts'

type Values = Record<string, string | number | null>

class Placeholder {
  readonly name: string
  constructor(name: string) {
    this.name = name
  }
}

/**
 * Prepares a query that is built and compiled once and run many times. Building a query takes longer than running it.
 *
 *     const find = prepare<{ id: number }>()((sql, p) => sql.selectFrom('users').selectAll().where('id', '=', p.id))
 *     const [user] = await find(queries, { id: 7 })
 *
 * It is compiled once for each engine. `build` gets placeholders instead of values, so it must not depend on them. A
 * part of the query can come from a slot, if all servers of a process fill it with the same function.
 */
export function prepare<P extends object>() {
  return <R>(
    build: (sql: Kysely<Tables>, parameters: P, engine: Engine, slots: HasSlots) => Compilable<R>,
  ) => {
    const all: Partial<Record<Engine, CompiledQuery>> = {}
    return (queries: Queries, values: P): Promise<R[]> => {
      const { engine, sql } = queries
      all[engine] ??= build(sql, placeholders as P, engine, queries).compile()
      const compiled = all[engine]
      const parameters = compiled.parameters.map((parameter) =>
        parameter instanceof Placeholder ? (values as Values)[parameter.name] : parameter,
      )
      return queries.run({ ...compiled, parameters }) as Promise<R[]>
    }
  }
}

const placeholders = new Proxy({}, { get: (_, name) => new Placeholder(String(name)) })

/**
 * A value that is compared with a column of a partial index. SQLite compiles a statement again each time that a bare
 * parameter is bound there, to see whether the index has that value. It does not do so for an expression.
 */
export function unplanned<T>(value: T, engine: Engine): RawBuilder<T> {
  return engine === 'sqlite' ? sql<T>`+${value}` : sql<T>`${value}`
}
