import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Database } from '../db/database.ts'
import { newestPositions } from './read.ts'

// How long news may stay unnoticed when a hint was lost, in milliseconds.
const sweep = 1000
// Between two looks, so that many commits share one.
const pause = 10

type News = (accountId: number) => void

/**
 * Tells who watches an account that its log has new events, on every node. It only hints: reading the log is the truth,
 * and whoever missed a hint is told within a second.
 */
export class EventLog {
  readonly #database: Database
  readonly #watched = new Map<number, { newest: number; listeners: Set<News> }>()
  readonly #everywhere = new Set<() => void>()
  readonly #stops: (() => void)[]
  readonly #timer: NodeJS.Timeout
  #running: Promise<void> | undefined
  #again = false
  readonly #node: string = randomUUID()
  /** Whether other nodes may not know of what was committed here. */
  #fresh = false
  #closed = false

  constructor(database: Database) {
    this.#database = database
    const committed = () => {
      this.#fresh = true
      this.#wake()
    }
    const heard = (node: string) => {
      if (node !== this.#node) this.#wake()
    }
    this.#stops = [database.onCommit(committed), database.listen('ndoto_events', heard)]
    this.#timer = setInterval(() => this.#wake(), sweep).unref()
  }

  /** Calls `listener` soon after an event of the account has got its position. Gives how to stop. */
  watch(accountId: number, listener: News): () => void {
    const account = this.#watched.get(accountId) ?? { newest: 0, listeners: new Set() }
    this.#watched.set(accountId, account)
    account.listeners.add(listener)
    this.#wake()
    return () => {
      account.listeners.delete(listener)
      if (account.listeners.size === 0) this.#watched.delete(accountId)
    }
  }

  /** Calls `listener` when there may be events anywhere, and once a second. Gives how to stop. */
  onNews(listener: () => void): () => void {
    this.#everywhere.add(listener)
    return () => void this.#everywhere.delete(listener)
  }

  /** Stops, when what runs is done. */
  async close(): Promise<void> {
    this.#closed = true
    clearInterval(this.#timer)
    for (const stop of this.#stops) stop()
    await this.#running
  }

  /** Many wakings share one look. */
  #wake(): void {
    if (this.#closed) return
    this.#again = true
    this.#running ??= this.#look().finally(() => {
      this.#running = undefined
    })
  }

  async #look(): Promise<void> {
    while (this.#again && !this.#closed) {
      this.#again = false
      try {
        await Promise.all([this.#tell(), this.#tellNodes()])
      } catch {
        // The database is away: the next sweep looks again, and nothing is lost.
      }
      await sleep(pause)
    }
  }

  async #tellNodes(): Promise<void> {
    if (!this.#fresh || this.#database.read.engine !== 'postgres') return
    this.#fresh = false
    await this.#database.tell('ndoto_events', this.#node)
  }

  async #tell(): Promise<void> {
    const newest = await newestPositions(this.#database.read, [...this.#watched.keys()])
    for (const [accountId, position] of newest) {
      const account = this.#watched.get(accountId)
      if (!account || account.newest >= position) continue
      account.newest = position
      for (const listener of account.listeners) listener(accountId)
    }
    for (const listener of this.#everywhere) listener()
  }
}
