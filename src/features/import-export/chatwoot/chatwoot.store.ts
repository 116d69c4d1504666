import pg from 'pg'
import { Refusal } from '../../../lib/errors.ts'

/** Which rows of a table to read: those after an id, and those that have changed since a time (milliseconds). */
export interface Range {
  afterId: number
  changedSince: number | null
}

const int8 = 20
const numeric = 1700

/**
 * The database of a Chatwoot installation, as it was when it was opened: one read-only transaction, from which rows are
 * read with cursors.
 */
export class ChatwootDatabase {
  readonly #client: pg.Client
  readonly #pageSize: number
  /** The type of each column of each table, by name. */
  readonly #tables = new Map<string, Map<string, string>>()
  #cursors = 0
  /** When it was opened, in milliseconds, by its own clock. */
  openedAt = 0

  private constructor(client: pg.Client, pageSize: number) {
    this.#client = client
    this.#pageSize = pageSize
  }

  /**
   * Connects to a database, whose large tables are read in pages of this many rows. Throws `invalid` if it is not that of a
   * Chatwoot installation, or cannot be reached.
   */
  static async open(url: string, pageSize: number): Promise<ChatwootDatabase> {
    const types = { getTypeParser }
    const client = new pg.Client({ connectionString: url, application_name: 'ndoto import-chatwoot', types })
    client.on('error', () => {})
    try {
      await client.connect()
      const source = new ChatwootDatabase(client, pageSize)
      await source.#begin()
      return source
    } catch (error) {
      client.end().catch(() => {})
      if (error instanceof Refusal) throw error
      throw new Refusal('invalid', `--from: ${(error as Error).message}`)
    }
  }

  async #begin(): Promise<void> {
    await this.#client.query('begin isolation level repeatable read read only')
    await this.#client.query(
      'set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0; set local jit = off',
    )
    const [now] = await this.all<{ at: number }>('select (extract(epoch from now()) * 1000)::bigint as at')
    this.openedAt = now!.at
    const columns = await this.all<{ table_name: string; column_name: string; data_type: string }>(
      `select table_name::text, column_name::text, data_type::text from information_schema.columns
       where table_schema = any (current_schemas(false))`,
    )
    for (const { table_name, column_name, data_type } of columns) {
      const table = this.#tables.get(table_name) ?? new Map()
      this.#tables.set(table_name, table.set(column_name, data_type))
    }
    const missing = ['accounts', 'contacts', 'conversations', 'messages', 'inboxes'].filter(
      (table) => !this.has(table),
    )
    if (missing.length === 0) return
    throw new Refusal('invalid', `--from: this is not a database of Chatwoot: it has no table ${missing[0]}`)
  }

  /** Whether this version of Chatwoot has a table, or a column of it. */
  has(table: string, column?: string): boolean {
    const columns = this.#tables.get(table)
    return column === undefined ? columns !== undefined : columns?.has(column) === true
  }

  /**
   * These columns of a table with the alias `as`, for a list of SELECT: null for those that this version of Chatwoot does
   * not have. Times are milliseconds.
   */
  columns(table: string, as: string, names: readonly string[]): string {
    return names
      .map((name) => {
        const type = this.#tables.get(table)?.get(name)
        if (type === undefined) return `null as ${name}`
        // They are in UTC, without saying so.
        if (type.startsWith('timestamp')) return `${milliseconds(`${as}.${name}`)} as ${name}`
        return `${as}.${name}`
      })
      .join(', ')
  }

  /** A condition: the row is in the range, whose values are the parameters $2 and $3. */
  inRange(table: string, as: string, id: string, { changedSince }: Range): string {
    if (changedSince === null || !this.has(table, 'updated_at'))
      return `${as}.${id} > $2 and $3::bigint is null`
    return `(${as}.${id} > $2 or ${as}.updated_at >= to_timestamp($3::bigint / 1000.0) at time zone 'UTC')`
  }

  /** The rows of a query, which must be few. */
  async all<Row>(text: string, values: unknown[] = []): Promise<Row[]> {
    return (await this.#client.query({ text, values })).rows as Row[]
  }

  /** The rows of a query in pages. The next page is fetched while the caller works on one. */
  async *pages<Row>(text: string, values: unknown[]): AsyncGenerator<Row[]> {
    this.#cursors += 1
    const cursor = `ndoto_${this.#cursors}`
    await this.#client.query({ text: `declare ${cursor} no scroll cursor for ${text}`, values })
    const fetch = () => {
      const page = this.all<Row>(`fetch ${this.#pageSize} from ${cursor}`)
      // Whoever awaits it gets the error.
      page.catch(() => {})
      return page
    }
    for (let next = fetch(); ; ) {
      const page = await next
      if (page.length === 0) break
      next = fetch()
      yield page
    }
    await this.#client.query(`close ${cursor}`)
  }

  async close(): Promise<void> {
    await this.#client.end()
  }
}

/** A time of Chatwoot in milliseconds. */
export function milliseconds(column: string): string {
  return `(extract(epoch from ${column}) * 1000)::bigint`
}

// Ids and times are below 2^53.
function getTypeParser(type: number, format?: 'text' | 'binary'): (text: string) => unknown {
  if (type === int8 || type === numeric) return Number
  return pg.types.getTypeParser(type, format as 'text')
}
