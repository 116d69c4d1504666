import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { makeDirectory } from '../lib/directory.ts'
import { Refusal } from '../lib/errors.ts'
import { Connection } from './connection.ts'
import type { Database, DatabaseStats, Queries, Topic } from './database.ts'
import { queriesOver } from './dialect.ts'
import { GroupCommit } from './group-commit.ts'
import { Listeners } from './listeners.ts'
import { lockDirectory } from './lock.ts'
import { assertNotNewer, databaseVersion, migrate, WrongDatabase } from './migrate.ts'
import { newestVersion } from './migrations.ts'

/** The name of the database's file inside the data directory. */
export const fileName = 'ndoto.db'

/**
 * Opens the embedded database in `directory` (made when missing), alone and in the newest format.
 * Throws DirectoryInUse, NewerDatabase, or what the file system says.
 */
export function openSqlite(directory: string): Database {
  makeDirectory(directory)
  const lock = lockDirectory(directory)
  try {
    const file = join(directory, fileName)
    return new SqliteDatabase(file, openWriter(file, migrateWriter), lock)
  } catch (error) {
    lock.release()
    throw error
  }
}

function migrateWriter(writer: Connection): void {
  // Until the log is copied into the file, the file still has what a step has replaced: secrets by their hashes.
  if (migrate(writer).length > 0) writer.run('pragma wal_checkpoint(truncate)')
}

/**
 * Opens the database of `directory` for a moment's work beside a server that may be running on it.
 * Throws where there is none, or where this program's format is not that of the database.
 */
export function openBeside(directory: string): Database {
  const file = join(directory, fileName)
  if (!existsSync(file)) throw new WrongDatabase(`${file} does not exist. Set DATA_DIR, or start Ndoto once.`)
  const writer = openWriter(file, (connection) => {
    if (databaseVersion(connection) === newestVersion) return
    const name = `${file} has another format than this version of Ndoto`
    throw new WrongDatabase(`${name}. Start this version once first.`)
  })
  return new SqliteDatabase(file, writer, { release() {} })
}

/**
 * A connection that writes durably: a commit is on disk when it returns (WAL with `synchronous=FULL`), and what is
 * deleted is overwritten with zeros.
 */
function openWriter(file: string, prepare: (writer: Connection) => void): Connection {
  const writer = new Connection(file)
  try {
    // First, for it may be another version's: then not even the journal's mode is changed.
    assertNotNewer(writer)
    writer.execute('pragma journal_mode = wal; pragma synchronous = full; pragma secure_delete = on')
    prepare(writer)
    // From here on waiting would stop the whole server: the queue of transactions tries again instead.
    writer.execute('pragma busy_timeout = 20')
    return writer
  } catch (error) {
    writer.close()
    throw error
  }
}

// Between two tries to empty the write-ahead log while another process reads the file, in milliseconds.
const wipeRetry = 1000

class SqliteDatabase implements Database {
  readonly read: Queries
  readonly #file: string
  readonly #writer: Connection
  readonly #reader: Connection
  readonly #lock: { release: () => void }
  readonly #group: GroupCommit
  readonly #listeners = new Listeners()
  readonly #tx: Queries
  readonly #queries = { queries: 0, querySeconds: 0 }
  #wipe: Promise<void> | undefined
  #closed = false

  constructor(file: string, writer: Connection, lock: { release: () => void }) {
    const reader = new Connection(file, { readOnly: true })
    this.#file = file
    this.#writer = writer
    this.#reader = reader
    this.#lock = lock
    this.#group = new GroupCommit(writer, () => {
      this.#endSnapshot()
      this.#listeners.call('commit', '')
    })
    // Reads have a connection of their own: on the writer's they would see the open batch, which is not on disk yet.
    this.read = queriesOver('sqlite', (sql, parameters) => {
      this.#beginSnapshot()
      return this.#run(reader, sql, parameters)
    })
    this.#tx = queriesOver('sqlite', (sql, parameters) => {
      this.#group.assertInside()
      // After a full disk SQLite has ended the transaction: what comes now would be stored for itself.
      if (!writer.inTransaction) throw new Refusal('unavailable', 'the transaction has been undone')
      return this.#run(writer, sql, parameters)
    })
  }

  transaction<T>(_: number | null, work: (tx: Queries) => Promise<T>): Promise<T> {
    return this.statement(work)
  }

  statement<T>(work: (tx: Queries) => Promise<T>): Promise<T> {
    return this.#group.transaction(() => work(this.#tx))
  }

  async snapshot<T>(work: (queries: Queries) => Promise<T>): Promise<T> {
    const connection = new Connection(this.#file, { readOnly: true })
    try {
      connection.run('begin')
      return await work(queriesOver('sqlite', (sql, parameters) => connection.run(sql, parameters)))
    } finally {
      connection.close()
    }
  }

  onCommit(listener: () => void): () => void {
    return this.#listeners.add('commit', listener)
  }

  async tell(topic: Topic, text: string): Promise<void> {
    setImmediate(() => this.#listeners.call(topic, text))
  }

  listen(topic: Topic, listener: (text: string) => void): () => void {
    return this.#listeners.add(topic, listener)
  }

  /** Overwritten pages are still in the write-ahead log until it is copied into the file and emptied. */
  wipeErased(): Promise<void> {
    // Whoever asks before the log is emptied is served by the same emptying.
    this.#wipe ??= this.#emptyLog().finally(() => {
      this.#wipe = undefined
    })
    return this.#wipe
  }

  async ping(): Promise<void> {
    this.#reader.run('select 1 from accounts limit 1')
  }

  /** Each snapshot takes file locks, longer than a small query: the reads of a turn of the event loop share one. */
  #beginSnapshot(): void {
    if (this.#reader.inTransaction) return
    this.#reader.run('begin')
    setImmediate(() => this.#endSnapshot())
  }

  #endSnapshot(): void {
    if (!this.#closed && this.#reader.inTransaction) this.#reader.run('commit')
  }

  stats(): DatabaseStats {
    return { ...this.#group.stats(), ...this.#queries }
  }

  #run(connection: Connection, sql: string, parameters: readonly unknown[]) {
    const start = performance.now()
    try {
      return connection.run(sql, parameters)
    } finally {
      this.#queries.queries += 1
      this.#queries.querySeconds += (performance.now() - start) / 1000
    }
  }

  async close(): Promise<void> {
    await this.#group.close()
    this.#endSnapshot()
    this.#closed = true
    this.#reader.close()
    this.#writer.close()
    this.#lock.release()
  }

  async #emptyLog(): Promise<void> {
    // Not in the same turn: deletions that are on their way to being answered share this one.
    await new Promise((resolve) => setImmediate(resolve))
    await this.#group.between(() => {
      if (this.#closed || this.#checkpoint()) return
      setTimeout(() => void this.wipeErased(), wipeRetry).unref()
    })
  }

  /** False where a backup or another reader holds the log, or the disk is full: what was deleted is so all the same. */
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
