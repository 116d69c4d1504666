import type { Feature } from '../../http/feature.ts'
import { startDelivering } from './deliverer.ts'
import { migrations } from './migrations.ts'
import { webhookRoutes } from './routes.ts'

export const feature: Feature = {
  name: 'webhooks',
  migrations,
  accountRoutes: webhookRoutes,
  start: startDelivering,
}
