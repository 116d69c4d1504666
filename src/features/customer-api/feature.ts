import type { Feature } from '../../http/feature.ts'
import { clientRoutes } from './routes.ts'

export const feature: Feature = { name: 'customer-api', routes: clientRoutes }
