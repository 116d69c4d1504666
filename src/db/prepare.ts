import { type Compilable, type CompiledQuery, type Kysely, type RawBuilder, sql } from 'kysely'
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
 * A query that is built and compiled once and run many times: building one anew costs more than running it.
 *
 *     const find = prepare<{ id: number }>()((sql, p) => sql.selectFrom('users').selectAll().where('id', '=', p.id))
 *     const [user] = await find(queries, { id: 7 })
 *
 * It is compiled for each engine once. `build` sees placeholders where the parameters will be, so it must not look at them.
 */
export function prepare<P extends object>() {
  return <R>(build: (sql: Kysely<Tables>, parameters: P, engine: Engine) => Compilable<R>) => {
    const all: Partial<Record<Engine, CompiledQuery>> = {}
    return (queries: Queries, values: P): Promise<R[]> => {
      const { engine, sql } = queries
      all[engine] ??= build(sql, placeholders as P, engine).compile()
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
 * A limit for a prepared query. SQLite looks at a bare parameter in LIMIT while planning, and so compiles the statement
 * anew whenever it is bound: that doubles the time of reading a page. It does not look into a sum.
 */
export function limitOf(rows: number): RawBuilder<number> {
  return sql<number>`${rows} + 0`
}
