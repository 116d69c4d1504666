import type { Database } from '../../db/database.ts'
import type { ViewingData } from './viewers.ts'
import type { EventHeader } from './visibility.ts'

/**
 * What nodes send each other without storing it. The names of the fields cannot change: while servers are updated one by
 * one, nodes of two versions run together.
 */
export type Signal =
  /** Somebody is typing, or a contact is on another page. `told` decides which streams get `data`. */
  | { kind: 'typing' | 'visit'; account: number; told: EventHeader; data: object }
  /** A user looks at a conversation, or no longer does. `told` decides which streams get `data`. */
  | { kind: 'viewing'; account: number; told: EventHeader; data: ViewingData }
  /** A user has written a draft in another browser, or has sent it. Only streams of the user get it. */
  | { kind: 'draft'; account: number; user: number; conversation: number; version: number }
  /** A user has a notification, or has read or deleted some. Only streams of the user get it. */
  | { kind: 'notification'; account: number; user: number; notification: number | null; unread: number }
  /** The first stream of a user on a node was opened, or the last one ended. */
  | { kind: 'presence'; account: number; node: string; user: number; status: 'online' | 'offline' }
  /** A user has chosen another availability. */
  | { kind: 'availability'; account: number; user: number }
  /** The users with open streams on a node, repeated in every interval. */
  | { kind: 'here'; account: number; node: string; users: number[] }
  /** A node asks the others to send `here`. */
  | { kind: 'who' }

const topic = 'ndoto_signals'

/** Sends signals to all nodes, in order, and receives them. */
export class Signals {
  readonly #database: Database
  #sending: Promise<unknown> = Promise.resolve()

  constructor(database: Database) {
    this.#database = database
  }

  /** Sends a signal in the background. It is lost if the database is unreachable. */
  send(signal: Signal): void {
    const text = JSON.stringify(signal)
    // One after another: sent on different connections, "offline" could overtake "online".
    this.#sending = this.#sending.then(() => this.#database.notify(topic, text)).catch(() => {})
  }

  /**
   * Calls `onSignal` with the signals of all nodes, including this one, and `onGap` when signals may have been lost.
   * Returns a function that stops it.
   */
  listen(onSignal: (signal: Signal) => void, onGap: () => void): () => void {
    return this.#database.listen(topic, (text) => {
      if (text === '') return onGap()
      try {
        onSignal(JSON.parse(text))
      } catch {
        // A node of another version sends a signal that this version does not know.
      }
    })
  }

  /** Resolves when all signals have been sent. */
  async flush(): Promise<void> {
    await this.#sending
  }
}
