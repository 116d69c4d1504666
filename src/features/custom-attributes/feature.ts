import type { Feature } from '../../http/feature.ts'
import { definitionEvents } from './events.ts'
import { migrations } from './migrations.ts'
import { customAttributeRoutes } from './routes.ts'

export const feature: Feature = {
  name: 'custom-attributes',
  migrations,
  events: definitionEvents.types,
  accountRoutes: customAttributeRoutes,
}
