import type { Reading } from '../../http/metrics.ts'
import type { Counter } from '../../lib/counter.ts'
import { type HasSlots, Slot } from '../../lib/slot.ts'

/** Counts the deliveries that this process has given up. */
export const failures = new Slot<Counter>('failed webhook deliveries')

/** The metric of failed deliveries. */
export function failureReadings(slots: HasSlots): Reading[] {
  return [
    {
      name: 'ndoto_webhook_deliveries_failed_total',
      help: 'Deliveries to webhooks given up after their last attempt, since the start of this process.',
      isCounter: true,
      read: () => failures.of(slots).value,
    },
  ]
}
