import type { Feature } from '../../http/feature.ts'
import { contactEvents } from './events.ts'
import { migrations } from './migrations.ts'
import { contactRoutes } from './routes.ts'

export const feature: Feature = {
  name: 'contacts',
  migrations,
  events: contactEvents,
  accountRoutes: contactRoutes,
}
