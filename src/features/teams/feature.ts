import type { Feature } from '../../http/feature.ts'
import { teamEvents } from './events.ts'
import { teamRoutes } from './routes.ts'

export const feature: Feature = {
  name: 'teams',
  events: teamEvents.types,
  accountRoutes: teamRoutes,
}
