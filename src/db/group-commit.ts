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

// Limits how long the first transaction of a batch waits for the commit.
const maxBatchSize = 256
// How long a batch waits for another process that is writing, in milliseconds.
const maxBusyWait = 5000

/**
 * Runs transactions one after another on one connection, and commits many of them together.
 *
 * Transactions that arrive in the same iteration of the event loop share a batch: `BEGIN IMMEDIATE`, a savepoint around
 * each but the first, one `COMMIT`. A transaction resolves only after the COMMIT has returned, so its writes are on disk
 * (`synchronous=FULL`). A transaction that fails rolls back its savepoint; the first one rolls back the batch, which has
 * nothing else yet, and the next one begins it again. In a savepoint SQLite copies each page that it changes, and walks
 * through these copies after each statement, which took a sixth of the time of transactions with thousands of rows.
 */
export class GroupCommit {
  readonly #connection: Connection
  readonly #onCommit: () => void
  readonly #current = new AsyncLocalStorage<Job>()
  readonly #queue: Job[] = []
  readonly #totals = { commits: 0, transactions: 0, failedTransactions: 0, commitSeconds: 0 }
  #running: Promise<void> | undefined
  #closed = false

  /** `onCommit` is called when a commit is on disk, before its transactions resolve. */
  constructor(connection: Connection, onCommit: () => void) {
    this.#connection = connection
    this.#onCommit = onCommit
  }

  /** Queues `work`. Resolves after its batch has been committed. */
  transaction<T>(work: () => Promise<T>): Promise<T> {
    if (this.#current.getStore()?.open) {
      return Promise.reject(new Error('transactions cannot be nested: pass the outer one on instead'))
    }
    if (this.#closed) return Promise.reject(new Refusal('unavailable', 'the server is shutting down'))
    return new Promise<T>((resolve, reject) => {
      this.#queue.push({ work, resolve: resolve as Job['resolve'], reject, open: false })
      this.#running ??= this.#drain()
    })
  }

  /** Throws unless the caller's transaction is still open. A query that was not awaited can run after it has ended. */
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
    return { ...this.#totals, queued: this.#queue.length }
  }

  /** Finishes the queued transactions and refuses new ones. */
  async close(): Promise<void> {
    this.#closed = true
    while (this.#running) await this.#running
  }

  async #drain(): Promise<void> {
    while (this.#queue.length > 0) {
      // All requests that are read in this iteration of the event loop join the batch.
      await new Promise((resolve) => setImmediate(resolve))
      await this.#runBatch()
    }
    this.#running = undefined
  }

  async #runBatch(): Promise<void> {
    const succeeded: { job: Job; value: unknown }[] = []
    for (let size = 0; size < maxBatchSize && this.#queue.length > 0; size++) {
      try {
        // If a rollback has failed, the transaction is still open, and this fails.
        if (succeeded.length === 0) await this.#begin()
      } catch (error) {
        for (const job of this.#queue.splice(0)) this.#fail(job, error)
        return
      }
      const job = this.#queue.shift()!
      try {
        succeeded.push({ job, value: await this.#run(job, succeeded.length > 0) })
      } catch (error) {
        this.#fail(job, error)
        if (succeeded.length > 0 && !this.#connection.inTransaction) return this.#failAll(succeeded, error)
      }
    }
    if (succeeded.length > 0) this.#commit(succeeded)
  }

  /** Begins a batch. Waits if another process is writing, such as a CLI command; reads continue meanwhile. */
  async #begin(): Promise<void> {
    const deadline = performance.now() + maxBusyWait
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

  async #run(job: Job, inSavepoint: boolean): Promise<unknown> {
    if (inSavepoint) this.#connection.run('savepoint job')
    try {
      const value = await this.#runToCompletion(job)
      if (inSavepoint) this.#connection.run('release job')
      // SQLite has ended the transaction, for example because the disk is full, and the job has ignored the error.
      else if (!this.#connection.inTransaction) throw new Error('SQLite has rolled back the transaction')
      return value
    } catch (error) {
      if (inSavepoint) this.#rollbackJob()
      else this.#rollback()
      throw error
    }
  }

  /** Rolls back to the savepoint of a job, or the whole batch if that fails. */
  #rollbackJob(): void {
    // SQLite may already have rolled back the whole batch, for example because the disk is full.
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
      // Report the original error instead of this one. If the transaction is still open, the next BEGIN fails.
    }
  }

  /**
   * Runs the job. Rejects if it has not settled by the next iteration of the event loop: queries are synchronous, so it
   * must be waiting for something else.
   */
  async #runToCompletion(job: Job): Promise<unknown> {
    let immediate: NodeJS.Immediate | undefined
    const nextIteration = new Promise<never>((_, reject) => {
      immediate = setImmediate(() =>
        reject(
          new Error('a transaction waited for something other than its own queries; it was rolled back'),
        ),
      )
    })
    job.open = true
    try {
      return await Promise.race([this.#current.run(job, job.work), nextIteration])
    } finally {
      job.open = false
      clearImmediate(immediate)
    }
  }

  #commit(succeeded: { job: Job; value: unknown }[]): void {
    const start = performance.now()
    try {
      this.#connection.run('commit')
    } catch (error) {
      this.#rollback()
      return this.#failAll(succeeded, error)
    }
    this.#totals.commits += 1
    this.#totals.commitSeconds += (performance.now() - start) / 1000
    this.#totals.transactions += succeeded.length
    this.#onCommit()
    for (const { job, value } of succeeded) job.resolve(value)
  }

  #failAll(succeeded: { job: Job }[], error: unknown): void {
    for (const { job } of succeeded) this.#fail(job, error)
  }

  #fail(job: Job, error: unknown): void {
    this.#totals.failedTransactions += 1
    job.reject(error)
  }
}

function isBusy(error: unknown): boolean {
  const { errcode = 0 } = ((error as Error).cause ?? {}) as { errcode?: number }
  return (errcode & 0xff) === 5 // SQLITE_BUSY
}
