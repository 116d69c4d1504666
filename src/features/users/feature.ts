import type { Feature } from '../../http/feature.ts'
import { agentEvents } from './events.ts'
import { migrations } from './migrations.ts'
import { profileRoutes } from './routes.ts'

export const feature: Feature = {
  name: 'users',
  migrations,
  events: agentEvents.types,
  routes: profileRoutes,
}
