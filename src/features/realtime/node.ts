import type { Database } from '../../db/database.ts'
import type { Context } from '../../http/feature.ts'
import { signalFrame } from './frames.ts'
import { Presence } from './presence.ts'
import type { UserPresence } from './schema.ts'
import { type Signal, Signals } from './signals.ts'
import { Streams } from './streams.ts'

/** What this process has open: its streams, and what it tells and hears beside the log. */
export class Node {
  readonly streams: Streams
  readonly signals: Signals
  readonly presence: Presence

  constructor({ database, log, intervals }: Context) {
    this.streams = new Streams(database.read, log)
    this.signals = new Signals(database)
    this.presence = new Presence(this.signals, intervals.presence, (accountId, presence) =>
      this.#tellPresence(accountId, presence),
    )
  }

  /** Begins to hear the other nodes. Gives how to stop. */
  start(): () => Promise<void> {
    const deafen = this.signals.listen(
      (signal) => this.#hear(signal),
      () => this.presence.ask(),
    )
    this.presence.start()
    return async () => {
      this.presence.stop()
      deafen()
      await this.signals.told()
    }
  }

  #hear(signal: Signal): void {
    if (signal.kind !== 'typing') return this.presence.hear(signal)
    const frame = signalFrame('typing', signal.data)
    for (const stream of this.streams.of(signal.account)) if (stream.hears(signal.told)) stream.offer(frame)
  }

  /** Every member of the account may know it. */
  #tellPresence(accountId: number, presence: UserPresence): void {
    const frame = signalFrame('presence', { event: 'presence', ...presence })
    const told = { name: 'presence', audience: 'agents', conversation_id: null, inbox_id: null } as const
    for (const stream of this.streams.of(accountId)) {
      if (stream.userId !== undefined && stream.wants({ ...told, contact_id: null })) stream.offer(frame)
    }
  }
}

const nodes = new WeakMap<Database, Node>()

/** What this process has open over a database. */
export function nodeOf(context: Context): Node {
  const node = nodes.get(context.database) ?? new Node(context)
  nodes.set(context.database, node)
  return node
}

/** The same, where it is open already. */
export function openNode(database: Database): Node | undefined {
  return nodes.get(database)
}
