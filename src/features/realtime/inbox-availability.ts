import type { Queries } from '../../db/database.ts'
import type { Context } from '../../http/feature.ts'
import type { Running } from '../../lib/loop.ts'
import { answeringUsers } from '../inboxes/service.ts'
import { statusOf } from '../users/availability.ts'
import { listAgents } from '../users/service.ts'
import type { Presence } from './presence.ts'
import type { Stream } from './stream.ts'
import { offerSignal, type Streams } from './streams.ts'

const header = {
  name: 'inbox_availability',
  audience: 'everyone',
  conversation_id: null,
  inbox_id: null,
  contact_id: null,
} as const

/** Whether somebody is there to answer in an inbox, as contacts see it. */
export class InboxAvailability {
  readonly #queries: Queries
  readonly #presence: Presence
  readonly #streams: Streams
  readonly #pause: number
  /** By account: contacts are notified when it ends. */
  readonly #pauses = new Map<number, ReturnType<typeof setTimeout>>()
  /** What each stream was last sent. */
  readonly #sent = new WeakMap<Stream, boolean>()
  #notifying: Promise<void> = Promise.resolve()

  constructor({ database, intervals }: Context, presence: Presence, streams: Streams) {
    this.#queries = database.read
    this.#presence = presence
    this.#streams = streams
    this.#pause = intervals.availability
  }

  start(): Running {
    return {
      stop: async () => {
        for (const timer of this.#pauses.values()) clearTimeout(timer)
        await this.#notifying
      },
    }
  }

  /** Whether one of the users who answer in the inbox is online, as far as this node knows. */
  async isAvailable(accountId: number, inboxId: number): Promise<boolean> {
    const connected = this.#presence.connectedUsers(accountId)
    if (connected.size === 0) return false
    const answering = await answeringUsers(this.#queries, { account_id: accountId, id: inboxId })
    const agents = await listAgents(this.#queries, accountId)
    return agents.some(
      ({ id, availability }) =>
        answering.includes(id) && statusOf(availability, connected.has(id)) === 'online',
    )
  }

  /**
   * Call it when the status of a user may have changed. Notifies contacts after a pause: an agent who reloads the page is
   * offline for a moment.
   */
  changed(accountId: number): void {
    if (this.#pauses.has(accountId)) return
    const timer = setTimeout(() => {
      this.#pauses.delete(accountId)
      void this.notify(accountId, [...this.#streams.of(accountId)])
    }, this.#pause)
    this.#pauses.set(accountId, timer.unref())
  }

  /** Sends it to the streams of contacts among these, unless it is what they were last sent. */
  notify(accountId: number, streams: readonly Stream[]): Promise<void> {
    // One after another: an older state must not overtake a newer one.
    this.#notifying = this.#notifying.then(() => this.#notify(accountId, streams))
    return this.#notifying
  }

  async #notify(accountId: number, streams: readonly Stream[]): Promise<void> {
    const ofContacts = streams.filter(
      (stream) => stream.inboxId !== undefined && stream.matchesFilter(header),
    )
    try {
      for (const [inboxId, some] of Map.groupBy(ofContacts, (stream) => stream.inboxId!)) {
        const available = await this.isAvailable(accountId, inboxId)
        const data = { event: header.name, available }
        const outdated = some.filter((stream) => this.#sent.get(stream) !== available)
        offerSignal(accountId, { name: header.name, data }, outdated)
        for (const stream of outdated) this.#sent.set(stream, available)
      }
    } catch {
      // The database is unreachable. The next change, or the next connection, sends it.
    }
  }
}
