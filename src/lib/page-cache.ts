// Keys of pages that were requested once. Together they take a few megabytes.
const maxRequestedOnce = 20_000

type Version = number | string

/**
 * A cache of pages in memory, by name, part and version. Callers compare the version with the current one. A page is
 * stored at its second request, because caching pages that are requested only once costs more than it saves
 * (`bench/list.ts`). If the pages exceed `capacity` bytes, the least recently used name is evicted with all its parts.
 */
export class PageCache {
  readonly #capacity: number
  readonly #maxPageBytes: number
  readonly #entries = new Map<string, { version: Version; bytes: number; texts: Map<string, Buffer> }>()
  readonly #requestedOnce = new Set<string>()
  #bytes = 0

  /** Both limits are in bytes. */
  constructor(capacity: number, maxPageBytes: number) {
    this.#capacity = capacity
    this.#maxPageBytes = maxPageBytes
  }

  /** Returns the text under `name` and `part` with the version that it was created from. */
  get(name: string, part: string): { version: Version; text: Buffer } | undefined {
    const entry = this.#entries.get(name)
    const text = entry?.texts.get(part)
    if (!entry || !text) return undefined
    this.#entries.delete(name)
    this.#entries.set(name, entry)
    return { version: entry.version, text }
  }

  /** Stores a text if it was requested before and is not larger than `maxPageBytes`. */
  set(name: string, version: Version, part: string, text: string): void {
    if (!this.#isSecondRequest(`${name} ${version} ${part}`)) return
    const bytes = Buffer.from(text)
    if (bytes.length > this.#maxPageBytes) return
    let entry = this.#entries.get(name)
    if (entry?.version !== version) {
      this.#drop(name)
      entry = { version, bytes: 0, texts: new Map() }
      this.#entries.set(name, entry)
    }
    const size = bytes.length - (entry.texts.get(part)?.length ?? 0)
    entry.texts.set(part, bytes)
    entry.bytes += size
    this.#bytes += size
    while (this.#bytes > this.#capacity) this.#drop(this.#entries.keys().next().value!)
  }

  #isSecondRequest(key: string): boolean {
    if (this.#requestedOnce.delete(key)) return true
    this.#requestedOnce.add(key)
    if (this.#requestedOnce.size > maxRequestedOnce) {
      this.#requestedOnce.delete(this.#requestedOnce.keys().next().value!)
    }
    return false
  }

  #drop(name: string): void {
    this.#bytes -= this.#entries.get(name)?.bytes ?? 0
    this.#entries.delete(name)
  }
}
