import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyBaseLogger } from 'fastify'
import type { Context } from '../../http/feature.ts'
import { Refusal } from '../../lib/errors.ts'
import { post } from '../../lib/outgoing.ts'
import { sign } from '../../lib/signing.ts'
import { type Attempt, type Claim, claimDeliveries, slotName } from './claim-deliveries.ts'
import { findWork } from './dispatch.store.ts'
import { dispatch } from './dispatch.ts'
import { endAllLeases, pruneStep } from './queue.store.ts'
import { type AttemptResult, recordAttempts } from './record-attempts.ts'
import { defaultSchedule, type Schedule } from './schedule.ts'
import { Slots } from './slots.ts'

// Rounds that run at a time. Each takes a database connection, and the API needs some, too.
const concurrentRounds = 4
// Milliseconds between two polls.
const minPollInterval = 20
const maxPollInterval = 1000

/** Converts the events of the log into deliveries and sends them. Returns a function that stops it. */
export function startDelivering(
  context: Context,
  logger: FastifyBaseLogger,
  schedule: Partial<Schedule> = {},
): () => Promise<void> {
  const deliverer = new Deliverer(context, logger, { ...defaultSchedule, ...schedule })
  return () => deliverer.close()
}

/**
 * All state that matters is in the database; what is in memory here may be lost. The work of an account is done in
 * rounds: new events become deliveries, the results of attempts are recorded, and due deliveries are claimed. The
 * attempts themselves run outside of the rounds.
 */
class Deliverer {
  readonly #context: Context
  readonly #logger: FastifyBaseLogger
  readonly #schedule: Schedule
  readonly #slots: Slots
  readonly #userAgent: string
  /** Accounts that wait for a round, accounts with new events, and the rounds that are running. */
  readonly #waiting = new Set<number>()
  readonly #withNewEvents = new Set<number>()
  readonly #rounds = new Map<number, Promise<void>>()
  /** Accounts with more due deliveries than there were slots. The one that has waited longest is first. */
  readonly #withoutSlots = new Set<number>()
  /** Results that are not recorded yet, by account. */
  readonly #results = new Map<number, AttemptResult[]>()
  readonly #stops: (() => void)[]
  #polling: Promise<void> | undefined
  #pruning: Promise<void> | undefined
  #pollAgain = false
  #timer: NodeJS.Timeout | undefined
  #closing = false
  #closed = false

  constructor(context: Context, logger: FastifyBaseLogger, schedule: Schedule) {
    this.#context = context
    this.#logger = logger
    this.#schedule = schedule
    this.#slots = new Slots(schedule.concurrency, schedule.concurrencyPerWebhook)
    this.#userAgent = `Ndoto/${context.version}`
    const pruning = setInterval(() => this.#prune(), schedule.pruneInterval).unref()
    this.#stops = [() => clearInterval(pruning)]
    this.#polling = this.#endLeases().finally(() => {
      this.#polling = undefined
      if (this.#closing) return
      this.#stops.push(context.log.onNewEvents(() => this.#poll()))
      this.#poll()
    })
  }

  /**
   * Claims nothing more, and waits up to `grace` for running attempts. Attempts that take longer are made again, by any
   * node, when their leases end.
   */
  async close(): Promise<void> {
    this.#closing = true
    for (const stop of this.#stops) stop()
    clearTimeout(this.#timer)
    const end = performance.now() + this.#schedule.grace
    while (!this.#isIdle && performance.now() < end) await sleep(5)
    this.#closed = true
    await Promise.all([this.#polling, this.#pruning, ...this.#rounds.values()])
  }

  get #isIdle(): boolean {
    return this.#slots.isIdle && this.#rounds.size === 0 && this.#waiting.size === 0
  }

  /** SQLite has one process, so deliveries that are running at its start belong to a process that has ended. */
  async #endLeases(): Promise<void> {
    const { database } = this.#context
    if (database.read.engine !== 'sqlite') return
    await this.#try('ending the leases of the previous process', () =>
      database.transaction(null, (tx) => endAllLeases(tx, this.#schedule.now())),
    )
  }

  /** Polls for work. Many calls at once share one poll. */
  #poll(): void {
    if (this.#closing) return
    this.#pollAgain = true
    this.#polling ??= this.#pollWhileNeeded().finally(() => {
      this.#polling = undefined
    })
  }

  async #pollWhileNeeded(): Promise<void> {
    while (this.#pollAgain && !this.#closing) {
      this.#pollAgain = false
      await this.#try('looking for work', async () => {
        const now = this.#schedule.now()
        const { withNewEvents, withDue, nextDue } = await findWork(this.#context.database.read, now)
        for (const accountId of withNewEvents) this.#withNewEvents.add(accountId)
        for (const accountId of [...withNewEvents, ...withDue, ...this.#results.keys()]) {
          this.#waiting.add(accountId)
        }
        this.#pollIn(nextDue === null ? maxPollInterval : nextDue - now)
      })
      this.#startRounds()
      await sleep(minPollInterval)
    }
  }

  #pollIn(milliseconds: number): void {
    clearTimeout(this.#timer)
    if (this.#closing) return
    this.#timer = setTimeout(() => this.#poll(), Math.max(1, Math.min(milliseconds, maxPollInterval))).unref()
  }

  #startRounds(): void {
    for (const accountId of this.#waiting) {
      if (this.#rounds.size >= concurrentRounds || this.#closed) return
      if (this.#rounds.has(accountId)) continue
      this.#waiting.delete(accountId)
      const round = this.#runRound(accountId).finally(() => {
        this.#rounds.delete(accountId)
        this.#startRounds()
      })
      this.#rounds.set(accountId, round)
    }
  }

  async #runRound(accountId: number): Promise<void> {
    await this.#dispatch(accountId)
    const results = this.#results.get(accountId) ?? []
    this.#results.delete(accountId)
    let claim: Claim = { attempts: [], isShort: false }
    const work = () =>
      this.#context.database.transaction(accountId, async (tx) => {
        // The database may repeat the transaction: what it claimed before was then not claimed.
        this.#returnSlots(claim)
        claim = { attempts: [], isShort: false }
        await recordAttempts(tx, results, this.#schedule)
        if (!this.#closing) await claimDeliveries(tx, accountId, this.#slots, this.#schedule, claim)
      })
    if (!(await this.#try('recording and claiming deliveries', work))) {
      this.#returnSlots(claim)
      this.#putBack(accountId, results)
      return
    }
    if (claim.isShort) this.#withoutSlots.add(accountId)
    for (const attempt of claim.attempts) void this.#send(attempt)
    // A retry may be due earlier than the last poll expected.
    if (results.length > 0) this.#poll()
  }

  async #dispatch(accountId: number): Promise<void> {
    if (!this.#withNewEvents.delete(accountId) || this.#closing) return
    await this.#try('dispatching events', async () => {
      const now = this.#schedule.now()
      const hasMore = await this.#context.database.transaction(accountId, (tx) =>
        dispatch(tx, accountId, now),
      )
      if (!hasMore) return
      this.#withNewEvents.add(accountId)
      this.#waiting.add(accountId)
    })
  }

  #returnSlots({ attempts }: Claim): void {
    for (const { accountId, webhookId } of attempts) this.#slots.give(slotName(accountId, webhookId), 1)
  }

  /** Keeps results until the database is available. If the lease ends before, the attempt is made again. */
  #putBack(accountId: number, results: AttemptResult[]): void {
    const current = results.filter(({ attempt: { leaseEnd } }) => leaseEnd > this.#schedule.now())
    if (current.length === 0) return
    this.#results.set(accountId, [...current, ...(this.#results.get(accountId) ?? [])])
  }

  async #send(attempt: Attempt): Promise<void> {
    const { accountId, webhookId } = attempt
    const result = await this.#call(attempt)
    this.#slots.give(slotName(accountId, webhookId), 1)
    if (this.#closed) return
    if (result) {
      const results = this.#results.get(accountId)
      if (results) results.push(result)
      else this.#results.set(accountId, [result])
    }
    this.#waiting.add(accountId)
    const [next] = this.#withoutSlots
    if (next !== undefined) {
      this.#withoutSlots.delete(next)
      this.#waiting.add(next)
    }
    this.#startRounds()
  }

  /** Returns undefined, without a call, if the lease could end before the call does. */
  async #call(attempt: Attempt): Promise<AttemptResult | undefined> {
    const { now, timeout, resolve } = this.#schedule
    const at = now()
    if (at + timeout >= attempt.leaseEnd) return undefined
    if (attempt.secrets.length === 0) {
      return { attempt, at, durationMs: 0, code: null, error: 'secret', answer: '' }
    }
    try {
      const headers = {
        'content-type': 'application/json',
        'user-agent': this.#userAgent,
        ...sign(attempt.secrets, attempt.id, Math.floor(at / 1000), attempt.body),
      }
      const call = {
        headers,
        body: attempt.body,
        timeoutMs: timeout,
        allowPrivate: this.#context.config.webhookAllowPrivate,
        ...(resolve ? { resolve } : {}),
      }
      return { attempt, at, ...(await post(attempt.url, call)) }
    } catch (error) {
      // `post` does not throw for what the receiver does, so this is a bug here. The attempt is made again when its
      // lease ends.
      this.#logger.error({ err: error, delivery: attempt.id }, 'webhooks: sending a delivery failed')
      return undefined
    }
  }

  #prune(): void {
    const before = this.#schedule.now() - this.#schedule.retention
    this.#pruning ??= this.#try('removing old deliveries', async () => {
      const step = () => this.#context.database.transaction(null, (tx) => pruneStep(tx, before))
      while (!this.#closing && (await step()) > 0) await sleep(minPollInterval)
    }).then(() => {
      this.#pruning = undefined
    })
  }

  /** Returns whether the work succeeded. An unavailable database is not logged: the next poll finds the work again. */
  async #try(description: string, work: () => Promise<void>): Promise<boolean> {
    try {
      await work()
      return true
    } catch (error) {
      const isUnavailable = error instanceof Refusal && error.code === 'unavailable'
      if (!isUnavailable) this.#logger.error({ err: error }, `webhooks: ${description} failed`)
      return false
    }
  }
}
