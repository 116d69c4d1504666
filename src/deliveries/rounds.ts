import type { Running } from '../lib/loop.ts'

// Rounds that run at a time. Each takes a database connection, and the API needs some, too.
const concurrentRounds = 4

/** Runs work for accounts: for one account never twice at a time, and for a few accounts at once. */
export class Rounds implements Running {
  readonly #work: (accountId: number) => Promise<void>
  readonly #waiting = new Set<number>()
  readonly #running = new Map<number, Promise<void>>()
  #stopped = false

  /** `work` must not reject. */
  constructor(work: (accountId: number) => Promise<void>) {
    this.#work = work
  }

  get isIdle(): boolean {
    return this.#running.size === 0 && this.#waiting.size === 0
  }

  /** Runs the work for an account, or once more if it is running. */
  add(accountId: number): void {
    this.#waiting.add(accountId)
    this.#start()
  }

  async stop(): Promise<void> {
    this.#stopped = true
    await Promise.all(this.#running.values())
  }

  #start(): void {
    for (const accountId of this.#waiting) {
      if (this.#running.size >= concurrentRounds || this.#stopped) return
      if (this.#running.has(accountId)) continue
      this.#waiting.delete(accountId)
      const round = this.#work(accountId).finally(() => {
        this.#running.delete(accountId)
        this.#start()
      })
      this.#running.set(accountId, round)
    }
  }
}
