import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { normalizeEmail } from '../lib/email.ts'
import { Refusal } from '../lib/errors.ts'
import { fileLink } from '../lib/file-link.ts'
import { secretHash } from '../lib/secrets.ts'
import type { Result } from './dialect.ts'

type Value = string | number | bigint | null | Uint8Array

interface Prepared {
  statement: StatementSync
  toRow: ((values: unknown[]) => unknown) | undefined
}

const keptStatements = 500
// How long to wait while another process writes, such as a command of the operator. In milliseconds.
const busyTimeout = 5000

/** A connection to an SQLite file, with a cache of prepared statements. Calls are synchronous. */
export class Connection {
  readonly #database: DatabaseSync
  readonly #statements = new Map<string, Prepared>()

  constructor(file: string, options: { readOnly?: boolean } = {}) {
    this.#database = new DatabaseSync(file, { ...options, timeout: busyTimeout })
    this.#database.exec('pragma cache_size = -16384; pragma temp_store = memory')
    // A migration creates the same function on PostgreSQL, where it reads `baseUrl` and `secret` itself.
    this.#database.function('file_link', (baseUrl, secret, name, part) =>
      fileLink(String(baseUrl), String(secret), String(name), String(part)),
    )
    // For a migration.
    this.#database.function('normalize_email', (email) => normalizeEmail(String(email)))
    // For a migration: SQLite has none.
    this.#database.function('sha256', (text) => secretHash(String(text)))
  }

  get inTransaction(): boolean {
    return this.#database.isTransaction
  }

  /** Runs one statement. Throws a Refusal `unavailable` if the disk fails or another process holds the lock. */
  run(sql: string, parameters: readonly unknown[] = []): Result {
    try {
      const { statement, toRow } = this.#prepare(sql)
      const values = parameters as Value[]
      if (!toRow) return { rows: [], changes: Number(statement.run(...values).changes) }
      return { rows: (statement.all(...values) as unknown as unknown[][]).map(toRow), changes: 0 }
    } catch (error) {
      throw translated(error)
    }
  }

  /**
   * Yields the rows of a query as arrays, read one by one. The connection must not be used for anything else meanwhile.
   */
  *each(sql: string): Iterable<unknown[]> {
    try {
      const statement = this.#database.prepare(sql)
      statement.setReturnArrays(true)
      yield* statement.iterate() as Iterable<unknown> as Iterable<unknown[]>
    } catch (error) {
      throw translated(error)
    }
  }

  /** Runs a script of statements. */
  execute(script: string): void {
    try {
      this.#database.exec(script)
    } catch (error) {
      throw translated(error)
    }
  }

  /** Returns the first error of SQLite's quick check; undefined if the file is not damaged. */
  findDamage(): string | undefined {
    const [first] = this.run('pragma quick_check').rows as { quick_check: string }[]
    return first?.quick_check === 'ok' ? undefined : first?.quick_check
  }

  close(): void {
    this.#statements.clear()
    this.#database.close()
  }

  #prepare(sql: string): Prepared {
    const known = this.#statements.get(sql)
    if (known) return known
    const statement = this.#database.prepare(withoutBareLimits(sql))
    statement.setReturnArrays(true)
    const columns = statement.columns().map((column) => column.name)
    const prepared = { statement, toRow: columns.length > 0 ? rowMaker(columns) : undefined }
    if (this.#statements.size >= keptStatements)
      this.#statements.delete(this.#statements.keys().next().value!)
    this.#statements.set(sql, prepared)
    return prepared
  }
}

/*
 * SQLite plans with the value of a bare parameter in LIMIT, so it compiles the statement again each time that one is
 * bound, which doubles the time of reading a page. It does not do so for a sum.
 */
export function withoutBareLimits(sql: string): string {
  return sql.replaceAll(/\blimit \?/g, '$& + 0')
}

/*
 * Compiles a function that converts rows from arrays to objects, for one statement. A page of 20 messages takes two
 * thirds of the time of the row objects of `node:sqlite` (`bench/list.ts`). The compiled text contains only names of
 * columns.
 */
function rowMaker(columns: string[]): (values: unknown[]) => unknown {
  const fields = columns.map((name, index) => `${JSON.stringify(name)}: values[${index}]`)
  return new Function('values', `return { ${fields.join(', ')} }`) as (values: unknown[]) => unknown
}

// Result codes of SQLite (https://sqlite.org/rescode.html) that are caused by the environment, not by the statement.
const unavailable = new Set([
  5, // BUSY
  6, // LOCKED
  7, // NOMEM
  8, // READONLY
  10, // IOERR
  11, // CORRUPT
  13, // FULL
  14, // CANTOPEN
  26, // NOTADB
])

/** Returns a Refusal `unavailable` for an error of SQLite that the environment has caused, and any other error itself. */
export function translated(error: unknown): unknown {
  const code = (error as { errcode?: number }).errcode
  if (code === undefined || !unavailable.has(code & 0xff)) return error
  return new Refusal(
    'unavailable',
    'the database is not available at the moment; nothing was saved, try again',
    {
      cause: error,
    },
  )
}
