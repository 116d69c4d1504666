import type { Queries } from '../../db/database.ts'
import type { Context } from '../../http/feature.ts'
import type { Running } from '../../lib/loop.ts'
import { Slot } from '../../lib/slot.ts'
import { statusOf } from '../users/availability.ts'
import { findAgent } from '../users/service.ts'
import { signalFrame } from './frames.ts'
import { InboxAvailability } from './inbox-availability.ts'
import { Presence } from './presence.ts'
import { type Signal, Signals } from './signals.ts'
import { Streams } from './streams.ts'

/** What a server knows of this moment: its streams, and the signals and presence that it exchanges with other nodes. */
export class Realtime {
  readonly streams: Streams
  readonly signals: Signals
  readonly presence: Presence
  readonly inboxAvailability: InboxAvailability
  readonly #queries: Queries
  #sendingStatuses: Promise<void> = Promise.resolve()

  constructor(context: Context) {
    const { database, log, intervals } = context
    this.#queries = database.read
    this.streams = new Streams(database.read, log)
    this.signals = new Signals(database)
    this.presence = new Presence(this.signals, intervals.presence, (accountId, userId) =>
      this.#sendStatus(accountId, userId),
    )
    this.inboxAvailability = new InboxAvailability(context, this.presence, this.streams)
  }

  /** Starts to receive signals of other nodes. */
  start(): Running {
    const stopListening = this.signals.listen(
      (signal) => this.#receive(signal),
      () => this.presence.synchronize(),
    )
    const announcing = this.presence.start()
    const notifying = this.inboxAvailability.start()
    return {
      stop: async () => {
        await announcing.stop()
        await notifying.stop()
        stopListening()
        await this.signals.flush()
        await this.#sendingStatuses
      },
    }
  }

  #receive(signal: Signal): void {
    if (signal.kind === 'availability') {
      const { account, user } = signal
      if (this.presence.isConnected(account, user)) this.#sendStatus(account, user)
      return
    }
    if (!('told' in signal)) return this.presence.receive(signal)
    const frame = signalFrame(signal.kind, signal.data)
    for (const stream of this.streams.of(signal.account)) if (stream.accepts(signal.told)) stream.offer(frame)
  }

  /** Sends the status of a user to the streams of this node: every member of the account may see it. */
  #sendStatus(accountId: number, userId: number): void {
    this.inboxAvailability.changed(accountId)
    // One after another: an older status must not overtake a newer one.
    this.#sendingStatuses = this.#sendingStatuses
      .then(async () => {
        const agent = await findAgent(this.#queries, accountId, userId)
        const isConnected = this.presence.isConnected(accountId, userId)
        const status = statusOf(agent?.availability ?? 'offline', isConnected)
        const frame = signalFrame('presence', { event: 'presence', user_id: userId, status })
        for (const stream of this.streams.of(accountId)) {
          if (stream.userId !== undefined && stream.matchesFilter(presenceHeader)) stream.offer(frame)
        }
      })
      // The database is unreachable. Readers get the status from `GET /presence` when they connect again.
      .catch(() => {})
  }
}

const presenceHeader = {
  name: 'presence',
  audience: 'agents',
  conversation_id: null,
  inbox_id: null,
  contact_id: null,
} as const

/** The realtime state of a server. */
export const realtime = new Slot<Realtime>('realtime')
