import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { makeDirectory } from '../lib/directory.ts'
import { Refusal } from '../lib/errors.ts'
import type { SlotValues } from '../lib/slot.ts'
import { Connection } from './connection.ts'
import type { Database, DatabaseStats, Nodes, Queries, Topic } from './database.ts'
import { queriesOver } from './dialect.ts'
import { GroupCommit } from './group-commit.ts'
import { Listeners } from './listeners.ts'
import { lockDirectory } from './lock.ts'
import {
  assertUsable,
  type BeforeUpgrade,
  databaseVersion,
  type Migration,
  migrate,
  newestVersion,
  WrongDatabase,
} from './migrate.ts'
import { randomNode } from './random-node.ts'
import { ReaderPool } from './reader-pool.ts'
import { ReaderThread } from './reader-thread.ts'

/** The name of the database's file inside the data directory. */
export const fileName = 'ndoto.db'

/**
 * Locks `directory`, which is created if it is missing, opens its database and migrates it to the newest format. Long
 * reads use up to `readThreads` threads; with 0 they run on this one. Throws DirectoryInUse, NewerDatabase, what
 * `beforeUpgrade` throws, or an error of the file system.
 */
export function openSqlite(
  directory: string,
  migrations: readonly Migration[],
  readThreads = 0,
  beforeUpgrade?: BeforeUpgrade,
): Database {
  makeDirectory(directory)
  const lock = lockDirectory(directory)
  try {
    const file = join(directory, fileName)
    return new SqliteDatabase(
      file,
      openWriter(file, migrations, (writer) => migrateWriter(writer, migrations, beforeUpgrade)),
      lock,
      readThreads,
    )
  } catch (error) {
    lock.release()
    throw error
  }
}

function migrateWriter(
  writer: Connection,
  migrations: readonly Migration[],
  beforeUpgrade: BeforeUpgrade | undefined,
): void {
  // Until the log is copied into the file, the file still has what a step has replaced: secrets by their hashes.
  if (migrate(writer, migrations, beforeUpgrade).length > 0) writer.run('pragma wal_checkpoint(truncate)')
}

/**
 * Opens the database of `directory` for a short task, while a server may be running on it. Throws WrongDatabase if
 * there is no database, or it does not have the newest format.
 */
export function openSqliteAlongside(directory: string, migrations: readonly Migration[]): Database {
  const file = join(directory, fileName)
  if (!existsSync(file)) throw new WrongDatabase(`${file} does not exist. Set DATA_DIR, or start Ndoto once.`)
  const writer = openWriter(file, migrations, (connection) => {
    if (databaseVersion(connection) === newestVersion(migrations)) return
    const problem = `${file} has an older format than this version of Ndoto`
    throw new WrongDatabase(`${problem}. Start this version once, then try again.`)
  })
  return new SqliteDatabase(file, writer, { release() {} }, 0)
}

/**
 * Opens a connection for durable writes: a commit is on disk when it returns (WAL with `synchronous=FULL`), and deleted
 * content is overwritten with zeros.
 */
function openWriter(
  file: string,
  migrations: readonly Migration[],
  prepare: (writer: Connection) => void,
): Connection {
  const writer = new Connection(file)
  try {
    // First, so that not even the journal mode of a newer database is changed.
    assertUsable(writer, migrations)
    writer.execute('pragma journal_mode = wal; pragma synchronous = full; pragma secure_delete = on')
    prepare(writer)
    // From here on a longer wait would block the whole server. The queue of transactions retries instead.
    writer.execute('pragma busy_timeout = 20')
    return writer
  } catch (error) {
    writer.close()
    throw error
  }
}

// Readers whose reads overlap can keep SQLite from starting the write-ahead log from the beginning. From this size on it is
// emptied while nobody reads. In bytes, and milliseconds between two checks.
const maxLogSize = 64 * 1024 ** 2
const logCheckInterval = 1000
// Between attempts to empty the write-ahead log while another process reads the file, in milliseconds.
const wipeRetry = 1000

class SqliteDatabase implements Database {
  readonly read: Queries
  readonly longReads: Queries
  readonly slots: SlotValues = new Map()
  /** The lock of the directory proves that there is no other process, and this one cannot lose it. */
  readonly nodes: Nodes
  readonly #file: string
  readonly #writer: Connection
  readonly #reader: Connection
  readonly #pool: ReaderPool | undefined
  readonly #lock: { release: () => void }
  readonly #group: GroupCommit
  readonly #listeners = new Listeners()
  readonly #tx: Queries
  readonly #queries = { queries: 0, querySeconds: 0 }
  #wipe: Promise<void> | undefined
  #logCheckedAt = 0
  #closed = false

  constructor(file: string, writer: Connection, lock: { release: () => void }, readThreads: number) {
    const reader = new Connection(file, { readOnly: true })
    const id = randomNode()
    this.nodes = { id, noticeTime: 0, alive: async () => new Set([id]), onLost: () => () => {} }
    this.#file = file
    this.#writer = writer
    this.#reader = reader
    this.#lock = lock
    this.#group = new GroupCommit(writer, () => {
      this.#endSnapshot()
      this.#limitLog()
      this.#listeners.call('commit', '')
    })
    // Reads use a second connection: on the writer's they would see the open batch, which is not on disk yet.
    this.read = queriesOver('sqlite', this.slots, (sql, parameters) => {
      this.#beginSnapshot()
      return this.#run(reader, sql, parameters)
    })
    const pool = readThreads > 0 ? new ReaderPool(file, readThreads, this.#count) : undefined
    this.#pool = pool
    this.longReads = pool
      ? queriesOver('sqlite', this.slots, (sql, parameters) => pool.run(sql, parameters))
      : this.read
    this.#tx = queriesOver('sqlite', this.slots, (sql, parameters) => {
      this.#group.assertInside()
      // If the disk is full, SQLite ends the transaction by itself, and this query would be committed on its own.
      if (!writer.inTransaction)
        throw new Refusal('unavailable', 'the transaction was rolled back; try again')
      return this.#run(writer, sql, parameters)
    })
  }

  transaction<T>(_: number | null, work: (tx: Queries) => Promise<T>): Promise<T> {
    return this.autocommit(work)
  }

  autocommit<T>(work: (tx: Queries) => Promise<T>): Promise<T> {
    return this.#group.transaction(() => work(this.#tx))
  }

  async snapshot<T>(work: (queries: Queries) => Promise<T>): Promise<T> {
    // Not a thread of the pool: other long reads would have to wait for its end.
    const reader = this.#pool
      ? new ReaderThread(this.#file, this.#count)
      : new Connection(this.#file, { readOnly: true })
    try {
      await reader.run('begin')
      return await work(queriesOver('sqlite', this.slots, (sql, parameters) => reader.run(sql, parameters)))
    } finally {
      await reader.close()
    }
  }

  onCommit(listener: () => void): () => void {
    return this.#listeners.add('commit', listener)
  }

  async notify(topic: Topic, text: string): Promise<void> {
    setImmediate(() => this.#listeners.call(topic, text))
  }

  listen(topic: Topic, listener: (text: string) => void): () => void {
    return this.#listeners.add(topic, listener)
  }

  /** Erased content remains in the write-ahead log until that is copied into the file and emptied. */
  wipeErased(): Promise<void> {
    // Calls before the log is emptied share one run.
    this.#wipe ??= this.#emptyLog().finally(() => {
      this.#wipe = undefined
    })
    return this.#wipe
  }

  async gatherStatistics(): Promise<void> {}

  async ping(): Promise<void> {
    this.#reader.run('select 1 from sqlite_schema limit 1')
  }

  /**
   * Taking the file locks of a snapshot is slower than a small query, so reads of one event loop iteration share it.
   */
  #beginSnapshot(): void {
    if (this.#reader.inTransaction) return
    this.#reader.run('begin')
    setImmediate(() => this.#endSnapshot())
  }

  #endSnapshot(): void {
    if (!this.#closed && this.#reader.inTransaction) this.#reader.run('commit')
  }

  stats(): DatabaseStats {
    const longReads = this.#pool?.stats()
    return { ...this.#group.stats(), ...this.#queries, ...(longReads ? { longReads } : {}) }
  }

  #run(connection: Connection, sql: string, parameters: readonly unknown[]) {
    const start = performance.now()
    try {
      return connection.run(sql, parameters)
    } finally {
      this.#count((performance.now() - start) / 1000)
    }
  }

  readonly #count = (seconds: number) => {
    this.#queries.queries += 1
    this.#queries.querySeconds += seconds
  }

  async close(): Promise<void> {
    await this.#group.close()
    await this.#pool?.close()
    this.#endSnapshot()
    this.#closed = true
    this.#reader.close()
    this.#writer.close()
    this.#lock.release()
  }

  #limitLog(): void {
    const now = performance.now()
    if (!this.#pool || now - this.#logCheckedAt < logCheckInterval) return
    this.#logCheckedAt = now
    const size = statSync(`${this.#file}-wal`, { throwIfNoEntry: false })?.size ?? 0
    if (size > maxLogSize) void this.wipeErased()
  }

  async #emptyLog(): Promise<void> {
    // In the next iteration, so that deletions that have just been committed share this run.
    await new Promise((resolve) => setImmediate(resolve))
    const empty = () =>
      this.#group.between(() => {
        if (this.#closed || this.#checkpoint()) return
        setTimeout(() => void this.wipeErased(), wipeRetry).unref()
      })
    await (this.#pool ? this.#pool.between(empty) : empty())
  }

  /** Returns false if a backup or a snapshot uses the log, or the disk is full. The deletion itself is done. */
  #checkpoint(): boolean {
    this.#endSnapshot()
    try {
      const { rows } = this.#writer.run('pragma wal_checkpoint(truncate)')
      return (rows[0] as { busy: number }).busy === 0
    } catch {
      return false
    }
  }
}
