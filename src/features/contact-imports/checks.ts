import type { CsvPlace } from '../../lib/csv.ts'
import type { ContactImport } from '../import-export/contacts.ts'
import type { Row } from './store.ts'

// Names of contacts that checks remember together, about 35 bytes each. With more, they go on one after another.
const mostNames = 2_000_000

/** A check of a file by this process: it knows the contacts of all lines before its place. */
export interface Check extends CsvPlace {
  importing: ContactImport
}

/**
 * The checks of files, which only differ from imports in that they store no contacts: so what a file has twice, they
 * find in memory.
 */
export class Checks {
  readonly #all = new Map<string, Check>()

  /** The number of names that all checks remember. */
  get names(): number {
    return [...this.#all.values()].reduce((sum, { importing }) => sum + importing.plannedNames, 0)
  }

  /** Returns the check of a file. One that has gone further than the import begins again. */
  async of(row: Row, begin: () => Promise<Check>): Promise<Check> {
    const known = this.#all.get(keyOf(row))
    if (known && known.position <= row.position) return known
    const check = await begin()
    this.#all.set(keyOf(row), check)
    return check
  }

  /** Returns the imports that can go on: if checks fill the memory, only the oldest of them. */
  thatFit(rows: Row[]): Row[] {
    if (this.names < mostNames) return rows
    const checks = new Set(rows.filter(({ dry_run }) => dry_run === 1).map(keyOf))
    const first = [...this.#all.keys()].find((key) => checks.has(key)) ?? [...checks][0]
    return rows.filter((row) => row.dry_run === 0 || keyOf(row) === first)
  }

  /** Forgets the check of an import that has ended. */
  forget(row: Row): void {
    this.#all.delete(keyOf(row))
  }

  /** Forgets all others. */
  keepOnly(rows: readonly Row[]): void {
    const keys = new Set(rows.map(keyOf))
    for (const key of this.#all.keys()) if (!keys.has(key)) this.#all.delete(key)
  }
}

function keyOf({ account_id, id }: Row): string {
  return `${account_id} ${id}`
}
