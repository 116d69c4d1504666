import { randomUUID } from 'node:crypto'
import type { Database } from '../db/database.ts'
import { every, type Loop, type Running } from '../lib/loop.ts'
import { newestPositions } from './read.ts'

// If a notification is lost, new events are found after at most this time. In milliseconds.
const pollInterval = 1000
// Between two queries, so that many commits share one. In milliseconds.
const pause = 10

type Listener = (accountId: number) => void

/**
 * Notifies listeners that the log of an account has new events, on every node. Notifications carry no events: listeners
 * read the log. If a notification between nodes is lost, listeners are called within a second.
 */
export class EventLog implements Running {
  readonly #database: Database
  readonly #watched = new Map<number, { newest: number; listeners: Set<Listener> }>()
  readonly #globalListeners = new Set<() => void>()
  readonly #unsubscribe: (() => void)[]
  /** Without `onError`: errors are those of the database, and the next run checks again, so nothing is lost. */
  readonly #loop: Loop
  readonly #node: string = randomUUID()
  /** Whether this node has commits that other nodes have not been notified of. */
  #hasUnannounced = false

  constructor(database: Database) {
    this.#database = database
    const committed = () => {
      this.#hasUnannounced = true
      this.#loop.wake()
    }
    const notified = (node: string) => {
      if (node !== this.#node) this.#loop.wake()
    }
    const check = async () => {
      await Promise.all([this.#callListeners(), this.#notifyNodes()])
    }
    this.#loop = every(pollInterval, check, { pause })
    this.#unsubscribe = [database.onCommit(committed), database.listen('ndoto_events', notified)]
  }

  /** Calls `listener` soon after an event of the account got its position. Returns a function that stops it. */
  watch(accountId: number, listener: Listener): () => void {
    const account = this.#watched.get(accountId) ?? { newest: 0, listeners: new Set() }
    this.#watched.set(accountId, account)
    account.listeners.add(listener)
    this.#loop.wake()
    return () => {
      account.listeners.delete(listener)
      if (account.listeners.size === 0) this.#watched.delete(accountId)
    }
  }

  /** Calls `listener` when any account may have new events, and every second. Returns a function that stops it. */
  onNewEvents(listener: () => void): () => void {
    this.#globalListeners.add(listener)
    return () => void this.#globalListeners.delete(listener)
  }

  /** Stops, and waits for the query in progress. */
  async stop(): Promise<void> {
    for (const unsubscribe of this.#unsubscribe) unsubscribe()
    await this.#loop.stop()
  }

  async #notifyNodes(): Promise<void> {
    if (!this.#hasUnannounced || this.#database.read.engine !== 'postgres') return
    this.#hasUnannounced = false
    await this.#database.notify('ndoto_events', this.#node)
  }

  async #callListeners(): Promise<void> {
    const newest = await newestPositions(this.#database.read, [...this.#watched.keys()])
    for (const [accountId, position] of newest) {
      const account = this.#watched.get(accountId)
      if (!account || account.newest >= position) continue
      account.newest = position
      for (const listener of account.listeners) listener(accountId)
    }
    for (const listener of this.#globalListeners) listener()
  }
}
