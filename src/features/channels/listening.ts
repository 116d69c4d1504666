import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyBaseLogger } from 'fastify'
import type { Context } from '../../http/feature.ts'
import { every, type Loop, logErrors, type Running } from '../../lib/loop.ts'
import { channels } from '../inboxes/channels.ts'
import { findChannelInbox } from '../inboxes/service.ts'
import type { Channel } from './channel.ts'
import type { Registry } from './registry.ts'
import { type ListeningInbox, releaseLeases, selectInboxesOfTypes, takeLeases } from './store.ts'

// Milliseconds after which `listen()` is called again: doubled with each failure in a row.
const firstPause = 500
const longestPause = 60_000
// Milliseconds that a node which stops waits for `listen()` to return.
const stopTimeout = 5000

interface Run {
  /** The settings that it was started with, as they are stored. */
  settings: string
  controller: AbortController
}

/** Receives the messages of the inboxes whose channels listen. */
export function startListening(context: Context, logger: FastifyBaseLogger): Running {
  const { all } = channels.of(context) as Registry
  const types = all.flatMap(({ type, listen }) => (listen ? type : []))
  if (types.length === 0) return { stop: async () => {} }
  return new Listening(context, logger, types)
}

/**
 * Runs `listen()` of each inbox on one node. On PostgreSQL a node takes a lease of the inbox and renews it. It aborts its
 * runs while the lease still holds if it cannot renew it in time, so that the next holder does not overlap with it. On
 * SQLite there is one server, which needs no leases.
 */
class Listening implements Running {
  readonly #context: Context
  readonly #logger: FastifyBaseLogger
  readonly #types: readonly string[]
  readonly #holder = randomUUID()
  readonly #runs = new Map<string, Run>()
  readonly #loop: Loop
  #expiry: NodeJS.Timeout | undefined

  constructor(context: Context, logger: FastifyBaseLogger, types: readonly string[]) {
    this.#context = context
    this.#logger = logger
    this.#types = types
    const onError = logErrors(logger, 'the leases of inboxes were not renewed')
    this.#loop = every(context.intervals.lease, (signal) => this.#step(signal), { onError })
  }

  async stop(): Promise<void> {
    await this.#loop.stop()
    clearTimeout(this.#expiry)
    this.#abortAll()
    const deadline = performance.now() + stopTimeout
    while (this.#runs.size > 0 && performance.now() < deadline) await sleep(10)
    if (this.#runs.size > 0) this.#logger.error('a channel did not stop receiving in time')
    const { database } = this.#context
    if (database.read.engine === 'sqlite') return
    // If it fails, the leases end by themselves.
    await database.autocommit((tx) => releaseLeases(tx, this.#holder)).catch(() => {})
  }

  /** Takes and renews leases, ends the runs without one or with old settings, and starts those that are missing. */
  async #step(signal: AbortSignal): Promise<void> {
    const inboxes = await selectInboxesOfTypes(this.#context.database.read, this.#types)
    const isMine = await this.#lease(inboxes)
    const mine = new Map(inboxes.filter(isMine).map((inbox) => [keyOf(inbox), inbox]))
    for (const [key, { settings, controller }] of this.#runs) {
      if (mine.get(key)?.settings !== settings) controller.abort()
    }
    for (const [key, inbox] of mine) {
      if (!this.#runs.has(key) && !signal.aborted) void this.#run(key, inbox)
    }
  }

  async #lease(inboxes: ListeningInbox[]): Promise<(inbox: ListeningInbox) => boolean> {
    const { database, intervals } = this.#context
    if (database.read.engine === 'sqlite') return () => true
    if (inboxes.length === 0) return () => false
    const start = performance.now()
    const duration = 3 * intervals.lease
    const leases = await database.autocommit((tx) => takeLeases(tx, inboxes, this.#holder, duration))
    clearTimeout(this.#expiry)
    const left = start + 2 * intervals.lease - performance.now()
    this.#expiry = setTimeout(() => this.#abortAll(), Math.max(0, left)).unref()
    const held = new Set(leases.map(({ account_id, inbox_id }) => keyOf({ account_id, id: inbox_id })))
    return (inbox) => held.has(keyOf(inbox))
  }

  /** Ends when the run is aborted and `listen()` has returned. Until then the inbox gets no other run on this node. */
  async #run(key: string, { account_id, id, settings }: ListeningInbox): Promise<void> {
    const controller = new AbortController()
    const { signal } = controller
    this.#runs.set(key, { settings, controller })
    for (let failures = 0; !signal.aborted; failures++) {
      const start = performance.now()
      try {
        await this.#listen(account_id, id, signal)
      } catch (error) {
        if (!signal.aborted) {
          this.#logger.error(
            { err: error, account_id, inbox_id: id },
            'receiving the messages of an inbox failed',
          )
        }
      }
      if (performance.now() - start > longestPause) failures = 0
      const pause = Math.min(firstPause * 2 ** failures, longestPause)
      await sleep(pause, undefined, { signal, ref: false }).catch(() => {})
    }
    this.#runs.delete(key)
  }

  async #listen(accountId: number, id: number, signal: AbortSignal): Promise<void> {
    const inbox = await findChannelInbox(this.#context.database.read, accountId, id)
    if (!inbox || signal.aborted) return
    const channel = channels.of(this.#context).of(inbox.channel_type) as Channel
    await channel.listen?.(inbox, this.#context, signal)
  }

  #abortAll(): void {
    for (const { controller } of this.#runs.values()) controller.abort()
  }
}

function keyOf({ account_id, id }: { account_id: number; id: number }): string {
  return `${account_id} ${id}`
}
