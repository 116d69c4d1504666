import type { Feature } from '../../http/feature.ts'
import { companyEvents } from './events.ts'
import { migrations } from './migrations.ts'
import { companyRoutes } from './routes.ts'

export const feature: Feature = {
  name: 'companies',
  migrations,
  events: companyEvents.types,
  accountRoutes: companyRoutes,
}
