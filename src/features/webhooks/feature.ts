import type { Feature } from '../../http/feature.ts'
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
  accountRoutes: webhookRoutes,
  senders: (context) => [webhookSender(context)],
}
