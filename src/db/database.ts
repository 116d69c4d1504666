import type { CompiledQuery, Kysely } from 'kysely'
import type { Tables } from './tables.ts'

export type Engine = 'sqlite' | 'postgres'

/** Where queries go: to a transaction, or to what is committed. Store functions take it first. */
export interface Queries {
  readonly engine: Engine
  /** The query builder. */
  readonly sql: Kysely<Tables>
  /** Runs a compiled query past the builder's own layers; for `prepare()`. */
  run(query: CompiledQuery): Promise<unknown[]>
}

/** What nodes tell each other: which accounts have new events, and what is told and forgotten. */
export type Topic = 'ndoto_events' | 'ndoto_signals'

/** The database, whichever engine keeps it. */
export interface Database {
  /** Sees what is committed (on SQLite: what is on disk), and must not write. */
  readonly read: Queries
  /**
   * Runs `work` alone against all other transactions of the account (null: of what belongs to no account). Resolves
   * with its result when the commit is on disk; when `work` throws, everything it wrote is undone and the promise
   * rejects with its error. `work` waits for nothing but its own queries, for other writers wait for it, and it may run
   * again where another node was in its way; a transaction inside a transaction is an error.
   */
  transaction<T>(accountId: number | null, work: (tx: Queries) => Promise<T>): Promise<T>
  /**
   * As `transaction`, for work that is a single statement on PostgreSQL: that one is its own transaction, one round
   * trip, and waits for nobody but who holds the same rows.
   */
  statement<T>(work: (tx: Queries) => Promise<T>): Promise<T>
  /** Gives `work` what is committed at one moment, for reading that takes long; it may wait for anything. */
  snapshot<T>(work: (queries: Queries) => Promise<T>): Promise<T>
  /** Calls back after commits of this process, soon and at least once for each. Gives how to stop. */
  onCommit(listener: () => void): () => void
  /** Tells the listeners to a topic, on every node; may be lost. At most 7,000 bytes. */
  tell(topic: Topic, text: string): Promise<void>
  /** Hears what is told on a topic, on any node. Gives how to stop. */
  listen(topic: Topic, listener: (text: string) => void): () => void
  /** Resolves when nothing that committed transactions erased is left in the files of SQLite; see ARCHITECTURE.md. */
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
  /** Transactions that wait for their turn (SQLite), or for a connection (PostgreSQL). */
  queued: number
  queries: number
  querySeconds: number
  /** Of PostgreSQL. */
  connections?: { open: number; inUse: number }
}
