/**
 * Texts kept in memory under a name and the version they were made from: a text is given back only for that version.
 * What was not used for longest goes first when all together are larger than `capacity` bytes.
 */
export class Kept {
  readonly #capacity: number
  readonly #largest: number
  readonly #shelves = new Map<string, { version: number; bytes: number; texts: Map<string, Buffer> }>()
  #bytes = 0

  constructor(capacity: number, largest: number) {
    this.#capacity = capacity
    this.#largest = largest
  }

  /** The text under `name` and `part`, if it was made from `version`. */
  get(name: string, version: number, part: string): Buffer | undefined {
    const shelf = this.#shelves.get(name)
    if (shelf?.version !== version) return undefined
    this.#shelves.delete(name)
    this.#shelves.set(name, shelf)
    return shelf.texts.get(part)
  }

  /** Keeps a text (what is larger than `largest` bytes is not worth its place), and gives it as bytes. */
  set(name: string, version: number, part: string, text: string): Buffer {
    const bytes = Buffer.from(text)
    if (bytes.length > this.#largest) return bytes
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
    return bytes
  }

  #drop(name: string): void {
    this.#bytes -= this.#shelves.get(name)?.bytes ?? 0
    this.#shelves.delete(name)
  }
}
