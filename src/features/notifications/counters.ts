import type { Reading } from '../../http/metrics.ts'
import { Counter } from '../../lib/counter.ts'
import { type HasSlots, Slot } from '../../lib/slot.ts'

/** What became of the mails about notifications of this process. */
export class DigestCounters {
  readonly sent = new Counter()
  readonly failed = new Counter()
}
export const digestCounters = new Slot<DigestCounters>('digest counters')

/** The metrics of mails about notifications. */
export function digestReadings(slots: HasSlots): Reading[] {
  return [
    {
      name: 'ndoto_notification_mails_sent_total',
      help: 'Mails about notifications that the mail server has accepted, since the start of this process.',
      isCounter: true,
      read: () => digestCounters.of(slots).sent.value,
    },
    {
      name: 'ndoto_notification_mails_failed_total',
      help: 'Attempts to send mails about notifications that the mail server did not accept.',
      isCounter: true,
      read: () => digestCounters.of(slots).failed.value,
    },
  ]
}
