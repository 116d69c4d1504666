import type { Queries } from '../../db/database.ts'
import type { Context } from '../../http/feature.ts'
import type { Running } from '../../lib/loop.ts'
import { Slot } from '../../lib/slot.ts'
import { statusOf } from '../users/availability.ts'
import { findAgent } from '../users/service.ts'
import { InboxAvailability } from './inbox-availability.ts'
import { Presence } from './presence.ts'
import { type Signal, Signals } from './signals.ts'
import type { Stream } from './stream.ts'
import { Streams } from './streams.ts'
import { Viewers, type Viewing } from './viewers.ts'

/** What a server knows of this moment: its streams, and the signals and presence that it exchanges with other nodes. */
export class Realtime {
  readonly streams: Streams
  readonly signals: Signals
  readonly presence: Presence
  readonly viewers = new Viewers()
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
    if (signal.kind === 'draft') return this.#sendDraft(signal)
    if (signal.kind === 'notification') return this.#sendNotification(signal)
    if (!('told' in signal)) return this.presence.receive(signal)
    const { account, kind: name, data, told } = signal
    if (signal.kind === 'viewing') return this.#receiveViewing(account, signal)
    this.streams.offer(account, { name, data }, (stream) => stream.accepts(told))
  }

  #receiveViewing(account: number, viewing: Viewing): void {
    if (this.viewers.receive(account, viewing)) this.#sendViewing(account, viewing)
  }

  #sendViewing(account: number, { told, data }: Viewing): void {
    this.streams.offer(account, { name: 'viewing', data }, (stream) => stream.accepts(told))
  }

  #sendDraft({ account, user, conversation: conversation_id, version }: Signal & { kind: 'draft' }): void {
    const header = { ...draftHeader, conversation_id }
    const data = { event: 'draft', conversation_id, version }
    const isFor = (stream: Stream) => stream.userId === user && stream.matchesFilter(header)
    this.streams.offer(account, { name: 'draft', data }, isFor)
  }

  #sendNotification({ account, user, notification, unread }: Signal & { kind: 'notification' }): void {
    const header = { ...presenceHeader, name: 'notification' }
    const data = { event: 'notification', notification_id: notification, unread_count: unread }
    const isFor = (stream: Stream) => stream.userId === user && stream.matchesFilter(header)
    this.streams.offer(account, { name: 'notification', data }, isFor)
  }

  /** Sends the status of a user to the streams of this node: every member of the account may see it. */
  #sendStatus(accountId: number, userId: number): void {
    this.inboxAvailability.changed(accountId)
    if (!this.presence.isConnected(accountId, userId)) {
      for (const { told, data } of this.viewers.leave(accountId, userId))
        this.#sendViewing(accountId, { told, data: { ...data, viewing_status: 'off' } })
    }
    // One after another: an older status must not overtake a newer one.
    this.#sendingStatuses = this.#sendingStatuses
      .then(async () => {
        const agent = await findAgent(this.#queries, accountId, userId)
        const isConnected = this.presence.isConnected(accountId, userId)
        const status = statusOf(agent?.availability ?? 'offline', isConnected)
        const data = { event: 'presence', user_id: userId, status }
        const isFor = (stream: Stream) => stream.userId !== undefined && stream.matchesFilter(presenceHeader)
        this.streams.offer(accountId, { name: 'presence', data }, isFor)
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

const draftHeader = { ...presenceHeader, name: 'draft' } as const

/** The realtime state of a server. */
export const realtime = new Slot<Realtime>('realtime')
