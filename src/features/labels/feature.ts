import type { Feature } from '../../http/feature.ts'
import { labelEvents } from './events.ts'
import { migrations } from './migrations.ts'
import { labelRoutes } from './routes.ts'
import { visitorLabelRoutes } from './visitor-routes.ts'

export const feature: Feature = {
  name: 'labels',
  migrations,
  events: labelEvents.types,
  accountRoutes(app, context) {
    labelRoutes(app, context)
    visitorLabelRoutes(app, context)
  },
}
