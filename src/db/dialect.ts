import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely'
import type { SlotValues } from '../lib/slot.ts'
import type { Engine, Queries } from './database.ts'
import type { Tables } from './tables.ts'

/** The result of a statement: its rows, or the number of rows that it changed. */
export interface Result {
  rows: unknown[]
  changes: number
}

/** Runs one statement, on SQLite synchronously. `isPrepared` is true for statements of `prepare()`. */
export type Run = (
  sql: string,
  parameters: readonly unknown[],
  isPrepared: boolean,
) => Result | Promise<Result>

/** Creates Queries from a function that runs statements. */
export function queriesOver(engine: Engine, slots: SlotValues, run: Run): Queries {
  return {
    engine,
    slots,
    sql: new Kysely<Tables>({ dialect: dialects[engine](new PlainDriver(run)) }),
    run: async ({ sql, parameters }: CompiledQuery) => (await run(sql, parameters, true)).rows,
  }
}

const dialects: Record<Engine, (driver: Driver) => Dialect> = {
  sqlite: (driver) => ({
    createAdapter: () => new ParallelSqliteAdapter(),
    createDriver: () => driver,
    createIntrospector: (kysely) => new SqliteIntrospector(kysely),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  }),
  postgres: (driver) => ({
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => driver,
    createIntrospector: (kysely) => new PostgresIntrospector(kysely),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  }),
}

/** Without it, Kysely would run one query after another, also on several threads. */
class ParallelSqliteAdapter extends SqliteAdapter {
  override get supportsMultipleConnections(): boolean {
    return true
  }
}

/** A driver without transactions: those are started with `Database.transaction()`. */
class PlainDriver implements Driver {
  readonly #connection: DatabaseConnection

  constructor(run: Run) {
    this.#connection = {
      async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
        const { rows, changes } = await run(sql, parameters, false)
        return { rows: rows as R[], numAffectedRows: BigInt(changes) }
      },
      streamQuery() {
        throw new Error('queries cannot be streamed: read in bounded steps instead')
      },
    }
  }

  async init(): Promise<void> {}
  async acquireConnection(): Promise<DatabaseConnection> {
    return this.#connection
  }
  async releaseConnection(): Promise<void> {}
  async destroy(): Promise<void> {}

  beginTransaction(): Promise<void> {
    throw new Error('Kysely cannot start transactions: use Database.transaction()')
  }
  commitTransaction(): Promise<void> {
    return this.beginTransaction()
  }
  rollbackTransaction(): Promise<void> {
    return this.beginTransaction()
  }
}
