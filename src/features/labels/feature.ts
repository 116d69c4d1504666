import type { Feature } from '../../http/feature.ts'
import { labelRoutes } from './routes.ts'

export const feature: Feature = { name: 'labels', accountRoutes: labelRoutes }
