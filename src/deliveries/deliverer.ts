import { setTimeout as sleep } from 'node:timers/promises'
import type { Database } from '../db/database.ts'
import { type Follower, follow } from '../events/follow.ts'
import type { EventLog } from '../events/log.ts'
import { isUnavailable } from '../lib/errors.ts'
import { atLeastEvery, every, type Logger, type Loop, logErrors, type Running } from '../lib/loop.ts'
import { type Claim, claimDeliveries, slotName } from './claim.ts'
import { dispatch, followerName } from './dispatch.ts'
import { findWork, pruneStep } from './queue.store.ts'
import { type AttemptResult, recordAttempts } from './record.ts'
import { Rounds } from './rounds.ts'
import { defaultLimits, type Limits, type Schedule } from './schedule.ts'
import type { Sender } from './sender.ts'
import { type Senders, scheduleSenders } from './senders.ts'
import { Sending } from './sending.ts'
import { Slots } from './slots.ts'
import { Takeover } from './takeover.ts'
import { selectTargets, updateNextDue } from './target.store.ts'

// Milliseconds between two polls.
const minPollInterval = 20
const maxPollInterval = 1000
// Milliseconds between two looks for nodes that have gone.
const takeoverInterval = 300

/** What tests can change. */
export type DeliverySettings = Partial<Schedule & Limits>

interface Options {
  database: Database
  log: EventLog
  logger: Logger
  senders: readonly Sender[]
  settings?: DeliverySettings
}

/**
 * Sends deliveries. All state that matters is in the database; what is in memory here may be lost. `follower` turns new
 * events into deliveries. The rest is done in rounds, one at a time for an account: the results of attempts are recorded,
 * and due deliveries are claimed. The attempts themselves run outside of the rounds.
 */
export class Deliverer implements Running {
  readonly follower: Follower
  readonly #database: Database
  readonly #logger: Logger
  readonly #senders: Senders
  readonly #limits: Limits
  readonly #slots: Slots
  readonly #sending: Sending
  readonly #rounds: Rounds
  readonly #loops: Loop[]
  readonly #stopListening: () => void
  /** Accounts with more due deliveries than there were slots. The one that has waited longest is first. */
  readonly #withoutSlots = new Set<number>()
  /** Results that are not recorded yet, by account. */
  readonly #results = new Map<number, AttemptResult[]>()
  readonly #poll: Loop
  #closing = false
  #closed = false

  constructor({ database, log, logger, senders, settings = {} }: Options) {
    this.#database = database
    this.#logger = logger
    this.#senders = scheduleSenders(senders, settings)
    this.#limits = { ...defaultLimits, ...settings }
    const { now, concurrency, concurrencyPerTarget, pruneInterval } = this.#limits
    this.#slots = new Slots(concurrency, concurrencyPerTarget)
    this.#sending = new Sending(database.nodes, logger, now)
    this.#rounds = new Rounds((accountId) => this.#runRound(accountId))
    this.follower = follow(followerName, {
      from: 'call',
      step: (tx, batch) => dispatch(tx, batch, this.#senders, now()),
      stepped: (accountId) => this.#rounds.add(accountId),
    })
    const takeover = new Takeover(database, now)
    const onError = (text: string) => ({ onError: logErrors(logger, `deliveries: ${text}`) })
    this.#poll = atLeastEvery(maxPollInterval, () => this.#findWork(), {
      pause: minPollInterval,
      ...onError('looking for work failed'),
    })
    this.#loops = [
      this.#poll,
      every(takeoverInterval, () => takeover.run(), onError('taking over from another node failed')),
      every(pruneInterval, (signal) => this.#prune(signal), {
        first: pruneInterval,
        ...onError('removing old deliveries failed'),
      }),
    ]
    this.#stopListening = log.onNewEvents(this.#poll.wake)
  }

  /**
   * Claims nothing more, and waits up to `grace` for running attempts. Attempts that take longer are aborted, and made
   * again by any node.
   */
  async stop(): Promise<void> {
    this.#closing = true
    this.#stopListening()
    const stopped = Promise.all(this.#loops.map((loop) => loop.stop()))
    const end = performance.now() + this.#limits.grace
    while (!this.#isIdle && performance.now() < end) await sleep(5)
    this.#closed = true
    this.#sending.close()
    await Promise.all([stopped, this.#rounds.stop()])
  }

  get #isIdle(): boolean {
    return this.#slots.isIdle && this.#rounds.isIdle
  }

  /** Returns the time until the next delivery is due, in milliseconds. */
  async #findWork(): Promise<number | undefined> {
    const now = this.#limits.now()
    const { due, next } = await findWork(this.#database.read, now)
    for (const accountId of [...due, ...this.#results.keys()]) this.#rounds.add(accountId)
    return next === null ? undefined : next - now
  }

  async #runRound(accountId: number): Promise<void> {
    const results = this.#results.get(accountId) ?? []
    this.#results.delete(accountId)
    const claim = await this.#recordAndClaim(accountId, results)
    if (!claim) return
    if (claim.isShort) this.#withoutSlots.add(accountId)
    for (const attempt of claim.attempts) {
      void this.#sending.send(attempt).then((result) => this.#finish(attempt, result))
    }
    // A retry may be due earlier than the last poll expected.
    if (results.length > 0) this.#poll.wake()
  }

  /** Returns undefined if it failed. The results are then recorded in a later round. */
  async #recordAndClaim(accountId: number, results: AttemptResult[]): Promise<Claim | undefined> {
    let claim: Claim = { attempts: [], isShort: false }
    const run = (notify: boolean) =>
      this.#database.transaction(accountId, async (tx) => {
        // The database may repeat the transaction: what it claimed before was then not claimed.
        this.#returnSlots(claim)
        claim = { attempts: [], isShort: false }
        const now = this.#limits.now()
        const recorded = results.map(({ attempt }) => attempt.targetId)
        const targets = await selectTargets(tx, accountId, now, recorded)
        await recordAttempts(tx, accountId, targets, results, { now, notify })
        const claimer = { senders: this.#senders, slots: this.#slots, node: this.#database.nodes.id, now }
        const claimed = this.#closing ? [] : await claimDeliveries(tx, accountId, targets, claimer, claim)
        await updateNextDue(tx, accountId, [...recorded, ...claimed])
      })
    try {
      await run(true).catch((error) => {
        if (isUnavailable(error) || results.length === 0) throw error
        // A sender that cannot process its results must not make them be sent again and again.
        this.#logger.error({ err: error }, 'deliveries: recording failed, will try without its sender')
        return run(false)
      })
      return claim
    } catch (error) {
      if (!isUnavailable(error)) this.#logger.error({ err: error }, 'deliveries: a round failed')
      this.#returnSlots(claim)
      this.#putBack(accountId, results)
      return undefined
    }
  }

  #returnSlots({ attempts }: Claim): void {
    for (const { accountId, targetId } of attempts) this.#slots.give(slotName(accountId, targetId), 1)
  }

  /** Keeps results until the database is available. If the lease ends before, the attempt is made again. */
  #putBack(accountId: number, results: AttemptResult[]): void {
    const current = results.filter(({ attempt: { leaseEnd } }) => leaseEnd > this.#limits.now())
    if (current.length === 0) return
    this.#results.set(accountId, [...current, ...(this.#results.get(accountId) ?? [])])
  }

  /** Starts the round that records a result, and a round of an account that waits for slots. */
  #finish({ accountId, targetId }: AttemptResult['attempt'], result: AttemptResult | undefined): void {
    this.#slots.give(slotName(accountId, targetId), 1)
    if (this.#closed) return
    if (result) {
      const results = this.#results.get(accountId)
      if (results) results.push(result)
      else this.#results.set(accountId, [result])
    }
    this.#rounds.add(accountId)
    const [next] = this.#withoutSlots
    if (next === undefined) return
    this.#withoutSlots.delete(next)
    this.#rounds.add(next)
  }

  async #prune(signal: AbortSignal): Promise<void> {
    const before = this.#limits.now() - this.#limits.retention
    const step = () => this.#database.transaction(null, (tx) => pruneStep(tx, before))
    while (!signal.aborted) {
      const { count, unfinished } = await step()
      for (const [accountId, own] of Map.groupBy(unfinished, ({ account_id }) => account_id)) {
        const ids = own.map(({ target_id }) => target_id)
        // Only the lock of the account keeps a delivery that is created meanwhile from being missed.
        await this.#database.transaction(accountId, (tx) => updateNextDue(tx, accountId, ids))
      }
      if (count === 0) return
      await sleep(minPollInterval)
    }
  }
}
