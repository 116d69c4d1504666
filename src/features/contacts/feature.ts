import type { Feature } from '../../http/feature.ts'
import { contactEvents } from './events.ts'
import { contactRoutes } from './routes.ts'

export const feature: Feature = { name: 'contacts', events: contactEvents, accountRoutes: contactRoutes }
