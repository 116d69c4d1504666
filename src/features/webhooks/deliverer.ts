import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyBaseLogger } from 'fastify'
import type { Context } from '../../http/feature.ts'
import { Refusal } from '../../lib/errors.ts'
import { post } from '../../lib/outgoing.ts'
import { sign } from '../../lib/signing.ts'
import { type Claimed, claim, receiverOf, type Try } from './claim.ts'
import { findWork } from './dispatch.store.ts'
import { dispatch } from './dispatch.ts'
import { endAllLeases, pruneStep } from './queue.store.ts'
import { type Made, record } from './record.ts'
import { type Schedule, usualSchedule } from './schedule.ts'
import { Slots } from './slots.ts'

// Accounts that are worked for at a time: each takes a connection, and the API needs some, too.
const accountsAtATime = 4
// Between two looks for work, in milliseconds.
const pause = 20
const longestWait = 1000

/** Makes deliveries of the log's events and sends them, until it is stopped. Gives how to stop it. */
export function startDelivering(
  context: Context,
  logger: FastifyBaseLogger,
  schedule: Partial<Schedule> = {},
): () => Promise<void> {
  const deliverer = new Deliverer(context, logger, { ...usualSchedule, ...schedule })
  return () => deliverer.close()
}

/**
 * Everything is in the database; what is here can be lost. Work is done in turns, each for one account: new events
 * become deliveries, tries that have been made are written down, and due ones are taken. Tries run outside of turns.
 */
class Deliverer {
  readonly #context: Context
  readonly #logger: FastifyBaseLogger
  readonly #schedule: Schedule
  readonly #slots: Slots
  readonly #userAgent: string
  /** Accounts that wait for a turn; those of them with new events; and those that have one now. */
  readonly #waiting = new Set<number>()
  readonly #news = new Set<number>()
  readonly #turns = new Map<number, Promise<void>>()
  /** Accounts with more due than there were slots, the longest waiting first. */
  readonly #short = new Set<number>()
  readonly #made = new Map<number, Made[]>()
  readonly #stops: (() => void)[]
  #looking: Promise<void> | undefined
  #pruning: Promise<void> | undefined
  #again = false
  #timer: NodeJS.Timeout | undefined
  #closing = false
  #closed = false

  constructor(context: Context, logger: FastifyBaseLogger, schedule: Schedule) {
    this.#context = context
    this.#logger = logger
    this.#schedule = schedule
    this.#slots = new Slots(schedule.tries, schedule.triesOfOne)
    this.#userAgent = `Ndoto/${context.version}`
    const pruning = setInterval(() => this.#prune(), schedule.pruning).unref()
    this.#stops = [() => clearInterval(pruning)]
    this.#looking = this.#takeBack().finally(() => {
      this.#looking = undefined
      if (this.#closing) return
      this.#stops.push(context.log.onNewEvents(() => this.#look()))
      this.#look()
    })
  }

  /** Takes nothing more, and waits a little for the tries that run; what they leave is another's when its lease ends. */
  async close(): Promise<void> {
    this.#closing = true
    for (const stop of this.#stops) stop()
    clearTimeout(this.#timer)
    const end = performance.now() + this.#schedule.grace
    while (!this.#isIdle && performance.now() < end) await sleep(5)
    this.#closed = true
    await Promise.all([this.#looking, this.#pruning, ...this.#turns.values()])
  }

  get #isIdle(): boolean {
    return this.#slots.isIdle && this.#turns.size === 0 && this.#waiting.size === 0
  }

  /** SQLite has one process: what runs when it starts is what another has left. */
  async #takeBack(): Promise<void> {
    const { database } = this.#context
    if (database.read.engine !== 'sqlite') return
    await this.#guarded('taking deliveries back', () =>
      database.transaction(null, (tx) => endAllLeases(tx, this.#schedule.now())),
    )
  }

  /** Many wakings share one look. */
  #look(): void {
    if (this.#closing) return
    this.#again = true
    this.#looking ??= this.#lookAround().finally(() => {
      this.#looking = undefined
    })
  }

  async #lookAround(): Promise<void> {
    while (this.#again && !this.#closing) {
      this.#again = false
      await this.#guarded('looking for work', async () => {
        const now = this.#schedule.now()
        const { news, due, next } = await findWork(this.#context.database.read, now)
        for (const accountId of news) this.#news.add(accountId)
        for (const accountId of [...news, ...due, ...this.#made.keys()]) this.#waiting.add(accountId)
        this.#lookIn(next === null ? longestWait : next - now)
      })
      this.#startTurns()
      await sleep(pause)
    }
  }

  #lookIn(milliseconds: number): void {
    clearTimeout(this.#timer)
    if (this.#closing) return
    this.#timer = setTimeout(() => this.#look(), Math.max(1, Math.min(milliseconds, longestWait))).unref()
  }

  #startTurns(): void {
    for (const accountId of this.#waiting) {
      if (this.#turns.size >= accountsAtATime || this.#closed) return
      if (this.#turns.has(accountId)) continue
      this.#waiting.delete(accountId)
      const turn = this.#turn(accountId).finally(() => {
        this.#turns.delete(accountId)
        this.#startTurns()
      })
      this.#turns.set(accountId, turn)
    }
  }

  async #turn(accountId: number): Promise<void> {
    await this.#dispatch(accountId)
    const made = this.#made.get(accountId) ?? []
    this.#made.delete(accountId)
    let claimed: Claimed = { tries: [], short: false }
    const work = () =>
      this.#context.database.transaction(accountId, async (tx) => {
        // It may run again, and then what it took before was not taken.
        this.#giveBack(claimed)
        claimed = { tries: [], short: false }
        await record(tx, made, this.#schedule)
        if (!this.#closing) await claim(tx, accountId, this.#slots, this.#schedule, claimed)
      })
    if (!(await this.#guarded('delivering', work))) {
      this.#giveBack(claimed)
      this.#keep(accountId, made)
      return
    }
    if (claimed.short) this.#short.add(accountId)
    for (const one of claimed.tries) void this.#send(one)
    // Retries may be nearer than what was known before.
    if (made.length > 0) this.#look()
  }

  async #dispatch(accountId: number): Promise<void> {
    if (!this.#news.delete(accountId) || this.#closing) return
    await this.#guarded('dispatching events', async () => {
      const now = this.#schedule.now()
      const more = await this.#context.database.transaction(accountId, (tx) => dispatch(tx, accountId, now))
      if (!more) return
      this.#news.add(accountId)
      this.#waiting.add(accountId)
    })
  }

  #giveBack({ tries }: Claimed): void {
    for (const { accountId, webhookId } of tries) this.#slots.give(receiverOf(accountId, webhookId), 1)
  }

  /** While the database is away; what cannot be written down even so is tried again when its lease ends. */
  #keep(accountId: number, made: Made[]): void {
    const fresh = made.filter(({ try: { leaseEnd } }) => leaseEnd > this.#schedule.now())
    if (fresh.length > 0) this.#made.set(accountId, [...fresh, ...(this.#made.get(accountId) ?? [])])
  }

  async #send(one: Try): Promise<void> {
    const made = await this.#make(one)
    this.#slots.give(receiverOf(one.accountId, one.webhookId), 1)
    if (this.#closed) return
    if (made) {
      const own = this.#made.get(one.accountId)
      if (own) own.push(made)
      else this.#made.set(one.accountId, [made])
    }
    this.#waiting.add(one.accountId)
    const [next] = this.#short
    if (next !== undefined) {
      this.#short.delete(next)
      this.#waiting.add(next)
    }
    this.#startTurns()
  }

  /** Undefined where it came too late: its lease might end before it does. */
  async #make(one: Try): Promise<Made | undefined> {
    const { now, timeout, resolve } = this.#schedule
    const at = now()
    if (at + timeout >= one.leaseEnd) return undefined
    try {
      const headers = {
        'content-type': 'application/json',
        'user-agent': this.#userAgent,
        ...sign(one.secrets, one.id, Math.floor(at / 1000), one.body),
      }
      const allowPrivate = this.#context.config.webhookAllowPrivate
      const call = {
        headers,
        body: one.body,
        timeoutMs: timeout,
        allowPrivate,
        ...(resolve ? { resolve } : {}),
      }
      return { try: one, at, ...(await post(one.url, call)) }
    } catch (error) {
      // Ours, not the receiver's: it is tried again when its lease ends.
      this.#logger.error({ err: error, delivery: one.id }, 'webhooks: a delivery could not be made')
      return undefined
    }
  }

  #prune(): void {
    const before = this.#schedule.now() - this.#schedule.keep
    this.#pruning ??= this.#guarded('removing old deliveries', async () => {
      const step = () => this.#context.database.transaction(null, (tx) => pruneStep(tx, before))
      while (!this.#closing && (await step()) > 0) await sleep(pause)
    }).then(() => {
      this.#pruning = undefined
    })
  }

  /** Whether it went well. A database that is away is no news: the next look finds the work again. */
  async #guarded(what: string, work: () => Promise<void>): Promise<boolean> {
    try {
      await work()
      return true
    } catch (error) {
      const isAway = error instanceof Refusal && error.reason === 'unavailable'
      if (!isAway) this.#logger.error({ err: error }, `webhooks: ${what} failed`)
      return false
    }
  }
}
