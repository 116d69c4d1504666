import type { Feature } from '../../http/feature.ts'
import { viewEvents } from './events.ts'
import { migrations } from './migrations.ts'
import { viewRoutes } from './routes.ts'

export const feature: Feature = {
  name: 'views',
  migrations,
  events: viewEvents.types,
  accountRoutes: viewRoutes,
}
