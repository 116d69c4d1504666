import { AsyncLocalStorage } from 'node:async_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { Refusal } from '../lib/errors.ts'
import type { Connection } from './connection.ts'
import type { DatabaseStats } from './database.ts'

interface Job {
  work: () => Promise<unknown>
  resolve: (value: unknown) => void
  reject: (error: unknown) => void
  open: boolean
}

// Bounds how long the first transaction of a batch waits for its answer.
const largestBatch = 256
// For another process that writes, in milliseconds.
const longestWait = 5000

/**
 * Runs transactions one after another on one connection and syncs many with one COMMIT.
 *
 * Transactions that arrive in the same turn of the event loop share a batch: `BEGIN IMMEDIATE`, a savepoint around
 * each, one `COMMIT`. None is answered before that COMMIT has returned, so an answered write is on disk
 * (`synchronous=FULL`); one that fails rolls its savepoint back and leaves the others alone.
 */
export class GroupCommit {
  readonly #connection: Connection
  readonly #committed: () => void
  readonly #current = new AsyncLocalStorage<Job>()
  readonly #queue: Job[] = []
  readonly #sums = { commits: 0, transactions: 0, failedTransactions: 0, commitSeconds: 0 }
  #running: Promise<void> | undefined
  #closed = false

  /** `committed` is called when a commit is on disk, before anybody is answered. */
  constructor(connection: Connection, committed: () => void) {
    this.#connection = connection
    this.#committed = committed
  }

  /** Queues `work`; settles after the commit that holds it. */
  transaction<T>(work: () => Promise<T>): Promise<T> {
    if (this.#current.getStore()?.open) {
      return Promise.reject(new Error('a transaction inside a transaction: pass the outer one on instead'))
    }
    if (this.#closed) return Promise.reject(new Refusal('unavailable', 'the server is shutting down'))
    return new Promise<T>((resolve, reject) => {
      this.#queue.push({ work, resolve: resolve as Job['resolve'], reject, open: false })
      this.#running ??= this.#drain()
    })
  }

  /** Throws unless the caller's own transaction is the one that is open: a query that was not awaited comes too late. */
  assertInside(): void {
    if (!this.#current.getStore()?.open) {
      throw new Error('a query after the end of its transaction: something in it was not awaited')
    }
  }

  /** Runs `task` on the connection while no batch is open. */
  async between(task: () => void): Promise<void> {
    while (this.#running) await this.#running
    task()
  }

  stats(): Omit<DatabaseStats, 'queries' | 'querySeconds'> {
    return { ...this.#sums, queued: this.#queue.length }
  }

  /** Finishes what is queued; what comes later is refused. */
  async close(): Promise<void> {
    this.#closed = true
    while (this.#running) await this.#running
  }

  async #drain(): Promise<void> {
    while (this.#queue.length > 0) {
      // Let this turn of the event loop read all requests that have arrived: they join the batch.
      await new Promise((resolve) => setImmediate(resolve))
      await this.#batch()
    }
    this.#running = undefined
  }

  async #batch(): Promise<void> {
    try {
      await this.#begin()
    } catch (error) {
      for (const job of this.#queue.splice(0)) this.#fail(job, error)
      return
    }
    const done: { job: Job; value: unknown }[] = []
    for (let size = 0; size < largestBatch && this.#queue.length > 0; size++) {
      const job = this.#queue.shift()!
      try {
        done.push({ job, value: await this.#runInSavepoint(job) })
      } catch (error) {
        this.#fail(job, error)
        if (!this.#connection.inTransaction) return this.#lose(done, error)
      }
    }
    this.#commit(done)
  }

  /** Another process, such as an operator's command, may be writing: meanwhile readers are answered. */
  async #begin(): Promise<void> {
    const deadline = performance.now() + longestWait
    while (true) {
      try {
        this.#connection.run('begin immediate')
        return
      } catch (error) {
        if (!isBusy(error) || performance.now() > deadline) throw error
        await sleep(20)
      }
    }
  }

  async #runInSavepoint(job: Job): Promise<unknown> {
    this.#connection.run('savepoint job')
    try {
      const value = await this.#runToItsEnd(job)
      this.#connection.run('release job')
      return value
    } catch (error) {
      this.#undo()
      throw error
    }
  }

  /** Undoes the job alone, or where that cannot be done (SQLite itself gives up the batch on a full disk), the batch. */
  #undo(): void {
    if (!this.#connection.inTransaction) return
    try {
      this.#connection.execute('rollback to job; release job')
    } catch {
      this.#rollback()
    }
  }

  #rollback(): void {
    try {
      if (this.#connection.inTransaction) this.#connection.run('rollback')
    } catch {
      // The error that led here is the one to tell; a transaction that is still open fails the next BEGIN loudly.
    }
  }

  /** Every query returns at once, so work that is still unsettled in the next turn waits for something else. */
  async #runToItsEnd(job: Job): Promise<unknown> {
    let watch: NodeJS.Immediate | undefined
    const nextTurn = new Promise<never>((_, reject) => {
      watch = setImmediate(() =>
        reject(
          new Error('a transaction waited for something other than its own queries; it was rolled back'),
        ),
      )
    })
    job.open = true
    try {
      return await Promise.race([this.#current.run(job, job.work), nextTurn])
    } finally {
      job.open = false
      clearImmediate(watch)
    }
  }

  #commit(done: { job: Job; value: unknown }[]): void {
    const start = performance.now()
    try {
      this.#connection.run('commit')
    } catch (error) {
      this.#rollback()
      return this.#lose(done, error)
    }
    this.#sums.commits += 1
    this.#sums.commitSeconds += (performance.now() - start) / 1000
    this.#sums.transactions += done.length
    this.#committed()
    for (const { job, value } of done) job.resolve(value)
  }

  #lose(done: { job: Job }[], error: unknown): void {
    for (const { job } of done) this.#fail(job, error)
  }

  #fail(job: Job, error: unknown): void {
    this.#sums.failedTransactions += 1
    job.reject(error)
  }
}

function isBusy(error: unknown): boolean {
  const { errcode = 0 } = ((error as Error).cause ?? {}) as { errcode?: number }
  return (errcode & 0xff) === 5 // SQLITE_BUSY
}
