import type { Feature } from '../../http/feature.ts'
import { Counter } from '../../lib/counter.ts'
import { shareWithWebhook } from '../actions/effects.ts'
import { webhookSignals } from '../realtime/webhook-signals.ts'
import { failureReadings, failures, lostSignals } from './failures.ts'
import { webhookFormats } from './formats.ts'
import { migrations } from './migrations.ts'
import { ownFormat } from './own-format.ts'
import { webhookRoutes } from './routes.ts'
import { webhookSender } from './sender.ts'
import { shareConversation } from './sharing.ts'
import { SignalSender } from './signal-sender.ts'

const key = ['account_id', 'id']

export const feature: Feature = {
  name: 'webhooks',
  migrations,
  secrets: [
    { table: 'webhooks', column: 'secret', key },
    { table: 'webhooks', column: 'previous_secret', key },
  ],
  setup(context) {
    shareWithWebhook.fill(context, shareConversation)
    failures.fill(context, new Counter())
    lostSignals.fill(context, new Counter())
    webhookFormats.fill(context, new Map([['ndoto', ownFormat(context)]]))
    webhookSignals.fill(context, new SignalSender(context, lostSignals.of(context)))
  },
  accountRoutes: webhookRoutes,
  readings: failureReadings,
  senders: (context) => [webhookSender(context)],
  start: (context) => webhookSignals.of(context),
}
