import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Database } from '../db/database.ts'
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
export class EventLog {
  readonly #database: Database
  readonly #watched = new Map<number, { newest: number; listeners: Set<Listener> }>()
  readonly #globalListeners = new Set<() => void>()
  readonly #unsubscribe: (() => void)[]
  readonly #timer: NodeJS.Timeout
  #running: Promise<void> | undefined
  #again = false
  readonly #node: string = randomUUID()
  /** Whether this node has commits that other nodes have not been notified of. */
  #hasUnannounced = false
  #closed = false

  constructor(database: Database) {
    this.#database = database
    const committed = () => {
      this.#hasUnannounced = true
      this.#wake()
    }
    const notified = (node: string) => {
      if (node !== this.#node) this.#wake()
    }
    this.#unsubscribe = [database.onCommit(committed), database.listen('ndoto_events', notified)]
    this.#timer = setInterval(() => this.#wake(), pollInterval).unref()
  }

  /** Calls `listener` soon after an event of the account got its position. Returns a function that stops it. */
  watch(accountId: number, listener: Listener): () => void {
    const account = this.#watched.get(accountId) ?? { newest: 0, listeners: new Set() }
    this.#watched.set(accountId, account)
    account.listeners.add(listener)
    this.#wake()
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
  async close(): Promise<void> {
    this.#closed = true
    clearInterval(this.#timer)
    for (const unsubscribe of this.#unsubscribe) unsubscribe()
    await this.#running
  }

  /** Starts a check, unless one is running: then it is repeated once. */
  #wake(): void {
    if (this.#closed) return
    this.#again = true
    this.#running ??= this.#check().finally(() => {
      this.#running = undefined
    })
  }

  async #check(): Promise<void> {
    while (this.#again && !this.#closed) {
      this.#again = false
      try {
        await Promise.all([this.#callListeners(), this.#notifyNodes()])
      } catch {
        // The database is not available. The next poll checks again, so nothing is lost.
      }
      await sleep(pause)
    }
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
