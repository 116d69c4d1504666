import type { Reading } from '../../http/metrics.ts'
import { Counter } from '../../lib/counter.ts'
import { type HasSlots, Slot } from '../../lib/slot.ts'

/** What became of the push messages of this process. */
export class PushCounters {
  readonly sent = new Counter()
  readonly failed = new Counter()
}
export const pushCounters = new Slot<PushCounters>('push counters')

/** The metrics of push messages. */
export function pushReadings(slots: HasSlots): Reading[] {
  return [
    {
      name: 'ndoto_push_messages_sent_total',
      help: 'Push messages that services have taken, since the start of this process.',
      isCounter: true,
      read: () => pushCounters.of(slots).sent.value,
    },
    {
      name: 'ndoto_push_messages_failed_total',
      help: 'Push messages given up, except for those to browsers that have ended their subscription.',
      isCounter: true,
      read: () => pushCounters.of(slots).failed.value,
    },
  ]
}
