import { type FileHandle, open } from 'node:fs/promises'

// Characters that are collected before they are written.
const bufferSize = 256 * 1024

/** Writes a new file from start to end. */
export class FileWriter {
  readonly #handle: FileHandle
  #text: string[] = []
  #size = 0

  private constructor(handle: FileHandle) {
    this.#handle = handle
  }

  /** Creates a file, passes its writer to `work`, and syncs it to disk. Throws if the file exists. */
  static async create(path: string, work: (writer: FileWriter) => Promise<void>): Promise<void> {
    const handle = await open(path, 'wx', 0o600)
    try {
      const writer = new FileWriter(handle)
      await work(writer)
      await writer.#flush()
      await handle.sync()
    } finally {
      await handle.close()
    }
  }

  async write(text: string): Promise<void> {
    this.#text.push(text)
    this.#size += text.length
    if (this.#size >= bufferSize) await this.#flush()
  }

  async #flush(): Promise<void> {
    const text = this.#text.join('')
    this.#text = []
    this.#size = 0
    await this.#handle.writeFile(text)
  }
}
