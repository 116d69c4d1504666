import type { Feature } from '../../http/feature.ts'
import { macroEvents } from './events.ts'
import { migrations } from './migrations.ts'
import { macroRoutes } from './routes.ts'

export const feature: Feature = {
  name: 'macros',
  migrations,
  events: macroEvents.types,
  accountRoutes: macroRoutes,
}
