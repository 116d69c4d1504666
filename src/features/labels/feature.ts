import type { Feature } from '../../http/feature.ts'
import { labelEvents } from './events.ts'
import { labelRoutes } from './routes.ts'

export const feature: Feature = { name: 'labels', events: labelEvents.types, accountRoutes: labelRoutes }
