import type { Context } from '../../http/feature.ts'
import type { Running } from '../../lib/loop.ts'
import { Slot } from '../../lib/slot.ts'
import { signalFrame } from './frames.ts'
import { Presence } from './presence.ts'
import type { UserPresence } from './schema.ts'
import { type Signal, Signals } from './signals.ts'
import { Streams } from './streams.ts'

/** What a server knows of this moment: its streams, and the signals and presence that it exchanges with other nodes. */
export class Realtime {
  readonly streams: Streams
  readonly signals: Signals
  readonly presence: Presence

  constructor({ database, log, intervals }: Context) {
    this.streams = new Streams(database.read, log)
    this.signals = new Signals(database)
    this.presence = new Presence(this.signals, intervals.presence, (accountId, presence) =>
      this.#sendPresence(accountId, presence),
    )
  }

  /** Starts to receive signals of other nodes. */
  start(): Running {
    const stopListening = this.signals.listen(
      (signal) => this.#receive(signal),
      () => this.presence.synchronize(),
    )
    const announcing = this.presence.start()
    return {
      stop: async () => {
        await announcing.stop()
        stopListening()
        await this.signals.flush()
      },
    }
  }

  #receive(signal: Signal): void {
    if (signal.kind !== 'typing') return this.presence.receive(signal)
    const frame = signalFrame('typing', signal.data)
    for (const stream of this.streams.of(signal.account)) if (stream.accepts(signal.told)) stream.offer(frame)
  }

  /** Every member of the account may see it. */
  #sendPresence(accountId: number, presence: UserPresence): void {
    const frame = signalFrame('presence', { event: 'presence', ...presence })
    const scope = { conversation_id: null, inbox_id: null, contact_id: null }
    const header = { name: 'presence', audience: 'agents', ...scope } as const
    for (const stream of this.streams.of(accountId)) {
      if (stream.userId !== undefined && stream.matchesFilter(header)) stream.offer(frame)
    }
  }
}

/** The realtime state of a server. */
export const realtime = new Slot<Realtime>('realtime')
