import type { CompiledQuery, Kysely } from 'kysely'
import type { Tables } from './tables.ts'

/** Where queries go: to a transaction, or to what is committed. Store functions take it first. */
export interface Queries {
  readonly engine: 'sqlite'
  /** The query builder. */
  readonly sql: Kysely<Tables>
  /** Runs a compiled query past the builder's own layers; for `prepare()`. */
  run(query: CompiledQuery): Promise<unknown[]>
}

/** The database, whichever engine keeps it. */
export interface Database {
  /** Sees what is committed (on SQLite: what is on disk), and cannot write. */
  readonly read: Queries
  /**
   * Runs `work` alone against all other writers. Resolves with its result when the commit is on disk; when `work`
   * throws, everything it wrote is undone and the promise rejects with its error. `work` waits for nothing but its
   * own queries, for every other writer waits for it; a transaction inside a transaction is an error.
   */
  transaction<T>(work: (tx: Queries) => Promise<T>): Promise<T>
  /** Resolves when nothing that committed transactions erased or overwrote is left in the engine's files. */
  wipeErased(): Promise<void>
  /** Rejects when the database does not answer. */
  ping(): Promise<void>
  stats(): DatabaseStats
  /** Finishes what is queued and closes. */
  close(): Promise<void>
}

/** Sums since the start, for the metrics. */
export interface DatabaseStats {
  commits: number
  transactions: number
  failedTransactions: number
  commitSeconds: number
  queued: number
}
