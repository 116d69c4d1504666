import type { Feature } from '../../http/feature.ts'
import { customerRoutes } from './routes.ts'

export const feature: Feature = { name: 'customer-api', routes: customerRoutes }
