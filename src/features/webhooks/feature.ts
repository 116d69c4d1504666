import type { Feature } from '../../http/feature.ts'
import { startDelivering } from './deliverer.ts'
import { webhookRoutes } from './routes.ts'

export const feature: Feature = { name: 'webhooks', accountRoutes: webhookRoutes, start: startDelivering }
