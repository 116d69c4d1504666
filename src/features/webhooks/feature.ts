import type { Feature } from '../../http/feature.ts'
import { Counter } from '../../lib/counter.ts'
import { failureReadings, failures } from './failures.ts'
import { migrations } from './migrations.ts'
import { webhookRoutes } from './routes.ts'
import { webhookSender } from './sender.ts'

const key = ['account_id', 'id']

export const feature: Feature = {
  name: 'webhooks',
  migrations,
  secrets: [
    { table: 'webhooks', column: 'secret', key },
    { table: 'webhooks', column: 'previous_secret', key },
  ],
  setup: (context) => failures.fill(context, new Counter()),
  accountRoutes: webhookRoutes,
  readings: failureReadings,
  senders: (context) => [webhookSender(context)],
}
