// Texts remembered as asked for once; a few megabytes of names.
const remembered = 20_000

/**
 * Texts kept in memory under a name and the version they were made from; who takes one sees whether it is still that.
 * A text is kept when it is made for the second time: what is asked for once only would cost more than it saves
 * (`bench/list.ts`). What was not used for longest goes first when all together are larger than `capacity` bytes.
 */
export class Kept {
  readonly #capacity: number
  readonly #largest: number
  readonly #shelves = new Map<string, { version: number; bytes: number; texts: Map<string, Buffer> }>()
  readonly #askedOnce = new Set<string>()
  #bytes = 0

  constructor(capacity: number, largest: number) {
    this.#capacity = capacity
    this.#largest = largest
  }

  /** The text under `name` and `part`, and the version that it was made from. */
  get(name: string, part: string): { version: number; text: Buffer } | undefined {
    const shelf = this.#shelves.get(name)
    const text = shelf?.texts.get(part)
    if (!shelf || !text) return undefined
    this.#shelves.delete(name)
    this.#shelves.set(name, shelf)
    return { version: shelf.version, text }
  }

  /** Keeps a text that was asked for before (what is larger than `largest` bytes is not worth its place). */
  set(name: string, version: number, part: string, text: string): void {
    if (!this.#askedAgain(`${name} ${version} ${part}`)) return
    const bytes = Buffer.from(text)
    if (bytes.length > this.#largest) return
    let shelf = this.#shelves.get(name)
    if (shelf?.version !== version) {
      this.#drop(name)
      shelf = { version, bytes: 0, texts: new Map() }
      this.#shelves.set(name, shelf)
    }
    const size = bytes.length - (shelf.texts.get(part)?.length ?? 0)
    shelf.texts.set(part, bytes)
    shelf.bytes += size
    this.#bytes += size
    while (this.#bytes > this.#capacity) this.#drop(this.#shelves.keys().next().value!)
  }

  #askedAgain(key: string): boolean {
    if (this.#askedOnce.delete(key)) return true
    this.#askedOnce.add(key)
    if (this.#askedOnce.size > remembered) this.#askedOnce.delete(this.#askedOnce.keys().next().value!)
    return false
  }

  #drop(name: string): void {
    this.#bytes -= this.#shelves.get(name)?.bytes ?? 0
    this.#shelves.delete(name)
  }
}
