import type { Reading } from '../../http/metrics.ts'
import type { Counter } from '../../lib/counter.ts'
import { type HasSlots, Slot } from '../../lib/slot.ts'

/** Counts the deliveries that this process has given up. */
export const failures = new Slot<Counter>('failed webhook deliveries')

/** Counts the signals that this process should have sent to a webhook, and has not, or that were not received. */
export const lostSignals = new Slot<Counter>('lost signals for webhooks')

/** The metrics of what webhooks have not got. */
export function failureReadings(slots: HasSlots): Reading[] {
  return [
    {
      name: 'ndoto_webhook_deliveries_failed_total',
      help: 'Deliveries to webhooks given up after their last attempt, since the start of this process.',
      isCounter: true,
      read: () => failures.of(slots).value,
    },
    {
      name: 'ndoto_webhook_signals_lost_total',
      help: 'Signals that a webhook did not get: dropped because it was too slow, or not received, since the start of this process.',
      isCounter: true,
      read: () => lostSignals.of(slots).value,
    },
  ]
}
