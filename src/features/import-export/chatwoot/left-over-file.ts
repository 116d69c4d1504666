import type { FileWriter } from '../file-writer.ts'

/** The rows of Chatwoot for which Ndoto has no place, as lines of JSON, so that nothing is lost in silence. */
export class LeftOverFile {
  readonly #writer: FileWriter

  constructor(writer: FileWriter) {
    this.#writer = writer
  }

  async add(table: string, row: object): Promise<void> {
    await this.#writer.write(`${JSON.stringify({ table, row })}\n`)
  }
}
