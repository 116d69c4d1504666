import { type FileHandle, open } from 'node:fs/promises'

// Characters that are written at once.
const piece = 256 * 1024

/** A file that is written from its beginning to its end. */
export class Output {
  readonly #handle: FileHandle
  #text: string[] = []
  #size = 0

  private constructor(handle: FileHandle) {
    this.#handle = handle
  }

  /** Writes what `write` gives into a new file, durably. */
  static async to(path: string, write: (output: Output) => Promise<void>): Promise<void> {
    const handle = await open(path, 'wx', 0o600)
    try {
      const output = new Output(handle)
      await write(output)
      await output.#flush()
      await handle.sync()
    } finally {
      await handle.close()
    }
  }

  async write(text: string): Promise<void> {
    this.#text.push(text)
    this.#size += text.length
    if (this.#size >= piece) await this.#flush()
  }

  async #flush(): Promise<void> {
    const text = this.#text.join('')
    this.#text = []
    this.#size = 0
    await this.#handle.writeFile(text)
  }
}
