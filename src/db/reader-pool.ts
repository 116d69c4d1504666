import { Refusal } from '../lib/errors.ts'
import type { Result } from './dialect.ts'
import { ReaderThread } from './reader-thread.ts'

interface Job {
  sql: string
  parameters: readonly unknown[]
  resolve: (result: Promise<Result>) => void
}

// Statements that wait for a thread. More would wait for many seconds, and clients that have given up send new ones.
const maxQueued = 200

/**
 * Runs long reads on a few threads, each one statement at a time. Threads start when they are first needed. A thread that
 * dies is replaced.
 */
export class ReaderPool {
  readonly #size: number
  readonly #start: () => ReaderThread
  readonly #threads = new Set<ReaderThread>()
  readonly #idle: ReaderThread[] = []
  readonly #queue: Job[] = []
  /** Resolves when no thread reads. */
  #drained: PromiseWithResolvers<void> | undefined
  #running = 0
  #pauses = 0
  #closed = false

  constructor(file: string, size: number, onRead: (seconds: number) => void) {
    this.#size = size
    this.#start = () => new ReaderThread(file, onRead)
  }

  /**
   * Runs a statement, on a snapshot that begins after this call. Rejects with `unavailable` if too many are waiting, or if
   * the pool is closed.
   */
  run(sql: string, parameters: readonly unknown[]): Promise<Result> {
    if (this.#closed) return Promise.reject(new Refusal('unavailable', 'the server is shutting down'))
    if (this.#queue.length >= maxQueued) {
      return Promise.reject(
        new Refusal('unavailable', 'too many lists and searches are waiting at the moment; try again'),
      )
    }
    return new Promise((resolve) => {
      this.#queue.push({ sql, parameters, resolve })
      this.#assign()
    })
  }

  /** Runs `task` while no thread reads. Statements that arrive meanwhile wait. */
  async between(task: () => Promise<void>): Promise<void> {
    this.#pauses += 1
    try {
      await this.#untilDrained()
      await task()
    } finally {
      this.#pauses -= 1
      this.#assign()
    }
  }

  stats(): { queued: number; running: number } {
    return { queued: this.#queue.length, running: this.#running }
  }

  /** Finishes the statements that are queued, and refuses new ones. */
  async close(): Promise<void> {
    this.#closed = true
    while (this.#running > 0 || this.#queue.length > 0) await this.#untilDrained()
    await Promise.all([...this.#threads].map((thread) => thread.close()))
  }

  async #untilDrained(): Promise<void> {
    if (this.#running === 0) return
    this.#drained ??= Promise.withResolvers()
    await this.#drained.promise
  }

  #assign(): void {
    while (this.#pauses === 0 && this.#queue.length > 0) {
      const thread = this.#idle.pop() ?? this.#startThread()
      if (!thread) return
      if (thread.isDead) {
        this.#threads.delete(thread)
        continue
      }
      const { sql, parameters, resolve } = this.#queue.shift()!
      this.#running += 1
      const result = thread.run(sql, parameters)
      const done = () => this.#release(thread)
      result.then(done, done)
      resolve(result)
    }
  }

  #startThread(): ReaderThread | undefined {
    if (this.#threads.size >= this.#size) return undefined
    const thread = this.#start()
    this.#threads.add(thread)
    return thread
  }

  #release(thread: ReaderThread): void {
    this.#running -= 1
    if (thread.isDead) this.#threads.delete(thread)
    else this.#idle.push(thread)
    this.#assign()
    if (this.#running > 0) return
    this.#drained?.resolve()
    this.#drained = undefined
  }
}
