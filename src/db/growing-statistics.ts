import type { Database } from './database.ts'

// Statistics of fewer rows would be worse than none: PostgreSQL would take an index that happens to be small for the
// best one, and keep that plan while the tables grow.
const firstThreshold = 10_000

/**
 * Gathers statistics while a program adds rows of one kind: after 10,000 of them, 100,000 and so on. Without them,
 * PostgreSQL may check a reference, for example to a contact, by an index of all contacts of the account.
 */
export class GrowingStatistics {
  readonly #database: Database
  #rows = 0
  #next = firstThreshold

  constructor(database: Database) {
    this.#database = database
  }

  /** Counts rows that were just read or stored. Call it between two transactions. */
  async count(rows: number): Promise<void> {
    this.#rows += rows
    if (this.#rows < this.#next) return
    while (this.#next <= this.#rows) this.#next *= 10
    await this.#database.gatherStatistics()
  }
}
