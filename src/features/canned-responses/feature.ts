import type { Feature } from '../../http/feature.ts'
import { cannedResponseEvents } from './events.ts'
import { migrations } from './migrations.ts'
import { cannedResponseRoutes } from './routes.ts'

export const feature: Feature = {
  name: 'canned-responses',
  migrations,
  events: cannedResponseEvents.types,
  accountRoutes: cannedResponseRoutes,
}
