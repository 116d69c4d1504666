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
// How long to wait while another process writes, in milliseconds.
const maxWait = 5000

/**
 * Runs transactions one after another on one connection, and commits many of them together.
 *
 * Transactions that arrive in the same iteration of the event loop share a batch: `BEGIN IMMEDIATE`, a savepoint around
 * each, one `COMMIT`. A transaction resolves only after that COMMIT has returned, so its writes are on disk
 * (`synchronous=FULL`). A transaction that fails rolls back only its own savepoint.
 */
export class GroupCommit {
  readonly #connection: Connection
  readonly #committed: () => void
  readonly #current = new AsyncLocalStorage<Job>()
  readonly #queue: Job[] = []
  readonly #sums = { commits: 0, transactions: 0, failedTransactions: 0, commitSeconds: 0 }
  #running: Promise<void> | undefined
  #closed = false

  /** `committed` is called when a commit is on disk, before its transactions resolve. */
  constructor(connection: Connection, committed: () => void) {
    this.#connection = connection
    this.#committed = committed
  }

  /** Queues `work`. Settles after the commit of its batch. */
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

  /** Throws unless the caller's own transaction is open: it ends before a query that was not awaited. */
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

  /** Finishes the queued transactions and refuses new ones. */
  async close(): Promise<void> {
    this.#closed = true
    while (this.#running) await this.#running
  }

  async #drain(): Promise<void> {
    while (this.#queue.length > 0) {
      // All requests that this iteration of the event loop reads join the batch.
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
    for (let size = 0; size < maxBatchSize && this.#queue.length > 0; size++) {
      const job = this.#queue.shift()!
      try {
        done.push({ job, value: await this.#runInSavepoint(job) })
      } catch (error) {
        this.#fail(job, error)
        if (!this.#connection.inTransaction) return this.#failAll(done, error)
      }
    }
    this.#commit(done)
  }

  /** Waits while another process writes, such as a command of the operator. Reads continue meanwhile. */
  async #begin(): Promise<void> {
    const deadline = performance.now() + maxWait
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
      this.#rollbackJob()
      throw error
    }
  }

  /** Rolls back the job alone, or the batch if that fails: on a full disk SQLite rolls back the batch by itself. */
  #rollbackJob(): void {
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

  /** Queries are synchronous, so work that has not settled by the next iteration is waiting for something else. */
  async #runToItsEnd(job: Job): Promise<unknown> {
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

  #commit(done: { job: Job; value: unknown }[]): void {
    const start = performance.now()
    try {
      this.#connection.run('commit')
    } catch (error) {
      this.#rollback()
      return this.#failAll(done, error)
    }
    this.#sums.commits += 1
    this.#sums.commitSeconds += (performance.now() - start) / 1000
    this.#sums.transactions += done.length
    this.#committed()
    for (const { job, value } of done) job.resolve(value)
  }

  #failAll(done: { job: Job }[], error: unknown): void {
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
