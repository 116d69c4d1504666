import type { Feature } from '../../http/feature.ts'
import { agentEvents } from './events.ts'
import { profileRoutes } from './routes.ts'

export const feature: Feature = { name: 'users', events: agentEvents.types, routes: profileRoutes }
