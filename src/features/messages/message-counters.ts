import type { Reading } from '../../http/metrics.ts'
import { Counter } from '../../lib/counter.ts'
import { type HasSlots, Slot } from '../../lib/slot.ts'
import type { Message } from './schema.ts'

/** The messages that this process has stored for customers and for agents, without activity messages and imports. */
export class MessageCounters {
  readonly incoming = new Counter()
  readonly outgoing = new Counter()

  count(type: Message['message_type']): void {
    if (type !== 'activity') this[type].increase()
  }
}
export const messageCounters = new Slot<MessageCounters>('message counters')

/** The metrics of messages. */
export function messageReadings(slots: HasSlots): Reading[] {
  return (['incoming', 'outgoing'] as const).map((type) => ({
    name: `ndoto_messages_${type}_total`,
    help:
      type === 'incoming'
        ? 'Messages of customers since the start of this process.'
        : 'Messages and private notes of agents and programs since the start of this process.',
    isCounter: true,
    read: () => messageCounters.of(slots)[type].value,
  }))
}
