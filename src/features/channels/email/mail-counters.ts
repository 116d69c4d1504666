import type { Context } from '../../../http/feature.ts'
import type { Reading } from '../../../http/metrics.ts'
import { Counter } from '../../../lib/counter.ts'
import { Slot } from '../../../lib/slot.ts'
import { countFailing, longestLag } from './mailbox.store.ts'

/** The mails that this process has stored. */
export class MailCounters {
  readonly received = new Counter()
}
export const mailCounters = new Slot<MailCounters>('mail counters')

// Milliseconds: older mails say nothing about now.
const lagWindow = 3_600_000

/** The metrics of incoming mails. */
export function mailReadings(context: Context): Reading[] {
  const { read } = context.database
  return [
    {
      name: 'ndoto_mails_received_total',
      help: 'Mails that this process has stored since its start.',
      isCounter: true,
      read: () => mailCounters.of(context).received.value,
    },
    {
      name: 'ndoto_mailboxes_failing',
      help: 'Mailboxes that cannot be read at the moment.',
      read: () => countFailing(read),
    },
    {
      name: 'ndoto_mail_lag_seconds',
      help: 'The longest time from the arrival of a mail in its mailbox until it was stored, of the newest mail of each inbox in the last hour.',
      read: async () => (await longestLag(read, Date.now() - lagWindow)) / 1000,
    },
  ]
}
