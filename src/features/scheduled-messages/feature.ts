import type { Feature } from '../../http/feature.ts'
import { scheduledMessageEvents } from './events.ts'
import { migrations } from './migrations.ts'
import { scheduledMessageRoutes } from './routes.ts'
import { startSending } from './sending.ts'

export const feature: Feature = {
  name: 'scheduled-messages',
  migrations,
  events: scheduledMessageEvents.types,
  accountRoutes: scheduledMessageRoutes,
  start: startSending,
}
