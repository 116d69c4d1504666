import type { Database } from '../../db/database.ts'
import type { Told } from './hearing.ts'
import type { UserPresence } from './schema.ts'

/** What nodes tell each other and forget. */
export type Signal =
  /** For the streams of who may hear it. */
  | { kind: 'typing'; account: number; told: Told; data: object }
  /** A user's first stream on a node was opened, or their last one ended. */
  | { kind: 'presence'; account: number; node: string; user: number; status: UserPresence['status'] }
  /** Who has streams open on a node, told again and again. */
  | { kind: 'here'; account: number; node: string; users: number[] }
  /** A node that asks the others for their `here`. */
  | { kind: 'who' }

const topic = 'ndoto_signals'

/** Tells signals to all nodes in the order in which they are given, and hears them. */
export class Signals {
  readonly #database: Database
  #telling: Promise<unknown> = Promise.resolve()

  constructor(database: Database) {
    this.#database = database
  }

  /** Nobody waits for it, and where the database is away it is lost. */
  tell(signal: Signal): void {
    const text = JSON.stringify(signal)
    // One after another: on connections of their own "offline" could overtake "online".
    this.#telling = this.#telling.then(() => this.#database.notify(topic, text)).catch(() => {})
  }

  /** Hears all nodes, this one too; `missed` is called where signals may have been lost. Gives how to stop. */
  listen(heard: (signal: Signal) => void, missed: () => void): () => void {
    return this.#database.listen(topic, (text) => {
      if (text === '') return missed()
      try {
        heard(JSON.parse(text))
      } catch {
        // Another version's node tells what this one does not know.
      }
    })
  }

  /** Resolves when everything was told. */
  async told(): Promise<void> {
    await this.#telling
  }
}
