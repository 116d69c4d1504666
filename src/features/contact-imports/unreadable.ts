import type { Row } from './store.ts'

// Milliseconds between two tries to read a file, and after which an import that has not gone on is given up.
const pause = 10_000
const longest = 60 * 60_000

/**
 * Imports whose files the storage does not return. They are tried again for an hour. That is counted in memory, so it begins
 * again with the server.
 */
export class UnreadableFiles {
  readonly #imports = new Map<string, { position: number; since: number; dueAt: number }>()

  /** False if the next try is later. */
  isDue(row: Row): boolean {
    return Date.now() >= (this.#find(row)?.dueAt ?? 0)
  }

  /** Notes that the file could not be read. Returns false if the import has not gone on for too long. */
  postpone(row: Row): boolean {
    const now = Date.now()
    const since = this.#find(row)?.since ?? now
    this.#imports.set(keyOf(row), { position: row.position, since, dueAt: now + pause })
    return now - since < longest
  }

  clear(): void {
    this.#imports.clear()
  }

  #find(row: Row) {
    const found = this.#imports.get(keyOf(row))
    // Otherwise it has gone on since then, perhaps on another server.
    return found?.position === row.position ? found : undefined
  }
}

function keyOf({ account_id, id }: Row): string {
  return `${account_id} ${id}`
}
