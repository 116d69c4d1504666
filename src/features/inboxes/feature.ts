import type { Feature } from '../../http/feature.ts'
import { inboxEvents } from './events.ts'
import { inboxRoutes } from './routes.ts'

export const feature: Feature = { name: 'inboxes', events: inboxEvents.types, accountRoutes: inboxRoutes }
