import type { Feature } from '../../http/feature.ts'
import { mailFrameRoutes } from './mail-frame.ts'
import { dashboardRoutes } from './routes.ts'

export const feature: Feature = {
  name: 'dashboard',
  routes(app, context) {
    dashboardRoutes(app, context)
    mailFrameRoutes(app, context)
  },
}
