import type { Reading } from '../../../../http/metrics.ts'
import { Counter } from '../../../../lib/counter.ts'
import { type HasSlots, Slot } from '../../../../lib/slot.ts'
import type { Outcome } from '../../channel.ts'

/** What became of the mails that this process has tried to send. */
export class OutgoingCounters {
  readonly sent = new Counter()
  readonly failed = new Counter()

  /** Counts an attempt. One that is repeated does not count. */
  count(state: Outcome['state']): void {
    if (state !== 'retry') this[state].increase()
  }
}
export const outgoingCounters = new Slot<OutgoingCounters>('outgoing mail counters')

/** The metrics of outgoing mails. */
export function outgoingReadings(slots: HasSlots): Reading[] {
  return (['sent', 'failed'] as const).map((state) => ({
    name: `ndoto_mails_${state}_total`,
    help:
      state === 'sent'
        ? 'Mails that mail servers have taken since the start of this process.'
        : 'Mails that mail servers have refused for good since the start of this process.',
    isCounter: true,
    read: () => outgoingCounters.of(slots)[state].value,
  }))
}
