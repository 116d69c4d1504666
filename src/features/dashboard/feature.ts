import type { Feature } from '../../http/feature.ts'
import { dashboardRoutes } from './routes.ts'

export const feature: Feature = { name: 'dashboard', routes: dashboardRoutes }
