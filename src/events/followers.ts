import { setTimeout as sleep } from 'node:timers/promises'
import type { Database, Queries } from '../db/database.ts'
import { isUnavailable } from '../lib/errors.ts'
import { coalesced, type Logger, type Loop, type Running } from '../lib/loop.ts'
import { cursorOf, type Lag, lagsOf, moveCursor, setCursor } from './cursors.ts'
import type { Follower } from './follow.ts'
import type { EventLog } from './log.ts'
import { parkEvent } from './parked.ts'
import { readEvents } from './read.ts'

// Events in one step: other transactions of the account wait for it.
const maxEvents = 200
const defaultPause = 10
// Between two steps of a pass, so that other writers get their turn. In milliseconds.
const pauseBetweenSteps = 5
// The other accounts wait, too, and a step can have waited for others.
const maxRest = 100
// Looking for lags reads a row for each account. It takes at most a tenth of the time.
const restPerSearch = 9
/** How often an event is tried before it is parked, and milliseconds before the second try; then twice as long each time. */
const defaultRetry = { tries: 5, pause: 1000 }

export type Retry = typeof defaultRetry

interface Options {
  database: Database
  log: EventLog
  logger: Logger
  retry?: Partial<Retry>
}

/** Starts all followers. A single query finds out which of them are behind, in which accounts. */
export function startFollowers(followers: readonly Follower[], options: Options): Running {
  const { database, log, logger } = options
  const retry = { ...defaultRetry, ...options.retry }
  const passes = new Map(followers.map((one) => [one.name, new Pass(database, one, logger, retry)]))
  const findLags = lagsOf(followers)
  const search = coalesced(async (signal) => {
    const start = performance.now()
    for (const lag of await findLags(database.read)) passes.get(lag.follower)!.add(lag)
    const rest = restPerSearch * (performance.now() - start)
    await sleep(rest, undefined, { signal }).catch(() => {})
  })
  const stopListening = log.onNewEvents(search.wake)
  search.wake()
  return {
    async stop() {
      stopListening()
      await Promise.all([search, ...passes.values()].map((one) => one.stop()))
    },
  }
}

/** Why the last step of an account failed. Kept in memory: another node, or the next process, finds out again. */
interface Failure {
  /** Up to here, events are tried one by one. */
  until: number
  position: number
  tries: number
}

/** The work of one follower: the accounts in which it is behind, one step after another. */
class Pass implements Running {
  readonly #database: Database
  readonly #follower: Follower
  readonly #logger: Logger
  readonly #retry: Retry
  readonly #loop: Loop
  /** The position of the newest event by account. The one that has waited longest is first. */
  readonly #waiting = new Map<number, number>()
  readonly #failures = new Map<number, Failure>()
  /** Accounts that wait before the next try. */
  readonly #resting = new Set<number>()

  constructor(database: Database, follower: Follower, logger: Logger, retry: Retry) {
    this.#database = database
    this.#follower = follower
    this.#logger = logger
    this.#retry = retry
    this.#loop = coalesced((signal) => this.#run(signal), { pause: follower.pause ?? defaultPause })
  }

  add({ account_id, newest }: Pick<Lag, 'account_id' | 'newest'>): void {
    if (this.#resting.has(account_id)) return
    this.#waiting.set(account_id, newest)
    this.#loop.wake()
  }

  stop(): Promise<void> {
    return this.#loop.stop()
  }

  async #run(signal: AbortSignal): Promise<void> {
    // Also visits accounts that are added during the loop.
    for (const [accountId, newest] of this.#waiting) {
      if (signal.aborted) return
      this.#waiting.delete(accountId)
      const start = performance.now()
      const hasMore = await this.#step(accountId, newest)
      const rest = Math.min(maxRest, (this.#follower.rest ?? 0) * (performance.now() - start))
      if (hasMore) this.#waiting.set(accountId, Math.max(newest, this.#waiting.get(accountId) ?? 0))
      const pause = Math.max(rest, hasMore ? pauseBetweenSteps : 0)
      if (pause > 0) await sleep(pause, undefined, { signal }).catch(() => {})
    }
  }

  /** Returns whether the account has more events. */
  async #step(accountId: number, newest: number): Promise<boolean> {
    const failure = this.#failures.get(accountId)
    const range = { first: 0, last: 0 }
    try {
      const hasMore = await this.#process(accountId, newest, failure ? 1 : maxEvents, range)
      if (failure && range.last >= failure.until) this.#failures.delete(accountId)
      this.#follower.stepped?.(accountId, this.#database)
      return hasMore
    } catch (error) {
      return this.#fail(accountId, newest, range, error)
    }
  }

  /** Runs one step in a transaction. `range` tells the caller which events it was about, also if it fails. */
  #process(accountId: number, newest: number, limit: number, range: { first: number; last: number }) {
    return this.#database.transaction(accountId, async (tx) => {
      const after = await this.#cursor(tx, accountId)
      // The follower has left the account.
      if (after === undefined) return false
      const { events, hasMore } = await readEvents(tx, accountId, after, limit)
      range.first = events.at(0)?.position ?? 0
      range.last = events.at(-1)?.position ?? newest
      if (events.length === 0) {
        // Another node was faster, or the events up to the newest one have been removed from the log.
        if (after < newest) await this.#move(tx, accountId, newest)
        return false
      }
      const done = await this.#follower.step(tx, { accountId, after, events, hasMore })
      await this.#move(tx, accountId, done ?? range.last)
      return hasMore || done !== undefined
    })
  }

  async #cursor(tx: Queries, accountId: number): Promise<number | undefined> {
    const { name, from } = this.#follower
    return (await cursorOf(tx, accountId, name)) ?? (from === 'start' ? 0 : undefined)
  }

  async #move(tx: Queries, accountId: number, position: number): Promise<void> {
    const { name, from } = this.#follower
    // With `call`, the step can have ended following the account.
    const move = from === 'start' ? setCursor : moveCursor
    await move(tx, { account_id: accountId, name, position })
  }

  /** Decides what to do after a failed step. Returns whether to run the next one at once. */
  async #fail(
    accountId: number,
    newest: number,
    { first, last }: { first: number; last: number },
    error: unknown,
  ): Promise<boolean> {
    const { tries: maxTries, pause } = this.#retry
    const before = this.#failures.get(accountId)
    if (isUnavailable(error) || first === 0) {
      if (!isUnavailable(error)) this.#logger.error({ err: error }, `${this.#follower.name}: reading failed`)
      this.#rest(accountId, newest, pause)
      return false
    }
    // The step was about many events: find out which of them it is.
    if (!before) {
      this.#failures.set(accountId, { until: last, position: first, tries: 0 })
      return true
    }
    const tries = before.position === first ? before.tries + 1 : 1
    this.#failures.set(accountId, { until: before.until, position: first, tries })
    if (tries >= maxTries) return this.#park(accountId, newest, first, error)
    this.#rest(accountId, newest, pause * 2 ** (tries - 1))
    return false
  }

  /** Gives up an event, so that the ones after it are processed. */
  async #park(accountId: number, newest: number, position: number, error: unknown): Promise<boolean> {
    const { name } = this.#follower
    try {
      await this.#database.transaction(accountId, async (tx) => {
        const after = await this.#cursor(tx, accountId)
        if (after === undefined || after >= position) return
        await parkEvent(tx, { account_id: accountId, follower: name, position }, error)
        await this.#move(tx, accountId, position)
      })
    } catch {
      this.#rest(accountId, newest, this.#retry.pause)
      return false
    }
    this.#logger.error({ err: error }, `${name}: event ${position} of account ${accountId} was given up`)
    return true
  }

  #rest(accountId: number, newest: number, milliseconds: number): void {
    this.#resting.add(accountId)
    setTimeout(() => {
      this.#resting.delete(accountId)
      this.add({ account_id: accountId, newest })
    }, milliseconds).unref()
  }
}
