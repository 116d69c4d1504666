import type { CompiledQuery, Kysely } from 'kysely'
import type { HasSlots } from '../lib/slot.ts'
import type { Tables } from './tables.ts'

export type Engine = 'sqlite' | 'postgres'

/** Runs queries in a transaction or on the committed state. Store functions take it as their first parameter. */
export interface Queries extends HasSlots {
  readonly engine: Engine
  /** The query builder. */
  readonly sql: Kysely<Tables>
  /** Runs a compiled query directly, without the builder's overhead; used by `prepare()`. */
  run(query: CompiledQuery): Promise<unknown[]>
}

/** The topics of notifications between nodes: new events in the log, and signals that are not stored. */
export type Topic = 'ndoto_events' | 'ndoto_signals'

/** The processes of this program that use the database. A process that has ended is proven to have. */
export interface Nodes {
  /** Names this process. Null while other nodes cannot see that it is alive; afterwards it has another name. */
  readonly id: number | null
  /**
   * How long after another node sees the end of a node's name that node may still be running under it, in milliseconds.
   * At the latest then it has called its listeners of `onLost`.
   */
  readonly noticeTime: number
  /** Returns the names of all nodes that are alive. */
  alive(): Promise<Set<number>>
  /** Calls `listener` when this process loses its name. Returns a function that stops it. */
  onLost(listener: () => void): () => void
}

/** The database, on either engine. */
export interface Database extends HasSlots {
  /** Sees only committed data (on SQLite, only what is on disk). Must not be used to write. */
  readonly read: Queries
  /**
   * Like `read`, for queries that may read much: lists, searches, exports. On SQLite they run on other threads, so that
   * requests are answered meanwhile, and each query has a snapshot of its own. Rejects with `unavailable` if too many are
   * waiting. For small queries `read` is faster.
   */
  readonly longReads: Queries
  readonly nodes: Nodes
  /**
   * Runs `work` in a transaction that excludes all other transactions of the account; null excludes those without
   * an account. Resolves with the result of `work` when the commit is on disk. If `work` throws, everything it wrote is
   * rolled back and the promise rejects with its error. `work` must wait only for its own queries, because other
   * writers wait for it. It may run again after a conflict with another node. Transactions cannot be nested.
   */
  transaction<T>(accountId: number | null, work: (tx: Queries) => Promise<T>): Promise<T>
  /**
   * Like `transaction`, for work that is a single statement on PostgreSQL. That statement is its own transaction in one
   * round trip, and waits only for writers of the same rows.
   */
  autocommit<T>(work: (tx: Queries) => Promise<T>): Promise<T>
  /** Runs `work` on a read-only snapshot of the committed state, for long reads. `work` may wait for anything. */
  snapshot<T>(work: (queries: Queries) => Promise<T>): Promise<T>
  /** Calls `listener` at least once soon after each commit of this process. Returns a function that stops it. */
  onCommit(listener: () => void): () => void
  /** Sends a text of at most 7,000 bytes to the listeners of a topic on every node. It may be lost. */
  notify(topic: Topic, text: string): Promise<void>
  /** Calls `listener` for notifications of a topic from any node. Returns a function that stops it. */
  listen(topic: Topic, listener: (text: string) => void): () => void
  /** Resolves when SQLite's files no longer contain what committed transactions have erased; see ARCHITECTURE.md. */
  wipeErased(): Promise<void>
  /**
   * Lets PostgreSQL plan for rows that a program has just added in large numbers. Its own background process would do so
   * only about a minute later, and not if `autovacuum` is off. Takes seconds per million rows.
   */
  gatherStatistics(): Promise<void>
  /** Rejects if the database does not respond. */
  ping(): Promise<void>
  stats(): DatabaseStats
  /** Closes the database after the queued work is finished. */
  close(): Promise<void>
}

/** Totals since the process started, for the metrics endpoint. */
export interface DatabaseStats {
  commits: number
  transactions: number
  failedTransactions: number
  commitSeconds: number
  /** Transactions that are waiting to start (SQLite) or for a connection (PostgreSQL). */
  queued: number
  queries: number
  querySeconds: number
  /** Long reads. Only on SQLite with threads for them. */
  longReads?: { queued: number; running: number }
  /** Only on PostgreSQL. */
  connections?: { open: number; inUse: number }
}
