import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import { Refusal } from '../lib/errors.ts'
import { translated } from './connection.ts'
import type { Result } from './dialect.ts'

/** A statement for the thread. */
export interface ReaderRequest {
  sql: string
  parameters: readonly unknown[]
}

/** The rows of a statement or its error, and how long it ran. */
export type ReaderAnswer = { seconds: number } & (
  | { rows: unknown[] }
  | { error: unknown; errcode: number | undefined }
)

interface Pending {
  resolve: (result: Result) => void
  reject: (error: unknown) => void
}

/**
 * A thread with a read-only connection to an SQLite file. It runs statements in the order of the calls of `run`, while
 * the thread of the caller does something else. If it dies, its statements reject with a Refusal `unavailable`.
 */
export class ReaderThread {
  readonly #worker: Worker
  readonly #onRead: (seconds: number) => void
  readonly #exited: Promise<void>
  /** In the order of the statements, in which they are answered. */
  readonly #pending: Pending[] = []
  #failure: unknown
  #isDead = false

  /** `onRead` is called after each statement with the time that it took. */
  constructor(file: string, onRead: (seconds: number) => void) {
    this.#onRead = onRead
    // Not the options of this process: they would load the settings and other modules once more.
    // In the bundle it is JavaScript.
    const program = new URL(`./reader-worker${extname(import.meta.url)}`, import.meta.url)
    this.#worker = new Worker(program, {
      workerData: file,
      execArgv: [],
      name: 'ndoto-reader',
    })
    this.#worker.on('message', (answer: ReaderAnswer) => this.#settle(answer))
    // 'exit' follows.
    this.#worker.on('error', (error) => {
      this.#failure = error
    })
    this.#worker.on('messageerror', (error) => {
      this.#failure = error
      void this.#worker.terminate()
    })
    this.#exited = new Promise((resolve) => {
      this.#worker.once('exit', () => {
        this.#failPending()
        resolve()
      })
    })
    this.#worker.unref()
  }

  get isDead(): boolean {
    return this.#isDead
  }

  run(sql: string, parameters: readonly unknown[] = []): Promise<Result> {
    if (this.#isDead) return Promise.reject(this.#unavailable())
    return new Promise((resolve, reject) => {
      this.#worker.postMessage({ sql, parameters } satisfies ReaderRequest)
      this.#pending.push({ resolve, reject })
      // A process that has nothing else to do waits for the rows, but not for a thread without work.
      this.#worker.ref()
    })
  }

  /** Ends the thread after its statements. */
  async close(): Promise<void> {
    this.#worker.ref()
    this.#worker.postMessage(null)
    await this.#exited
  }

  #settle(answer: ReaderAnswer): void {
    const { resolve, reject } = this.#pending.shift()!
    if (this.#pending.length === 0) this.#worker.unref()
    this.#onRead(answer.seconds)
    if ('rows' in answer) resolve({ rows: answer.rows, changes: 0 })
    else reject(translated(Object.assign(answer.error as Error, { errcode: answer.errcode })))
  }

  #failPending(): void {
    this.#isDead = true
    for (const { reject } of this.#pending.splice(0)) reject(this.#unavailable())
  }

  #unavailable(): Refusal {
    const cause = this.#failure ?? new Error('the thread that reads the database has ended')
    return new Refusal('unavailable', 'the database could not be read; try again', { cause })
  }
}
