import type { Feature } from '../../http/feature.ts'
import { migrations } from './migrations.ts'
import { visitRoutes } from './routes.ts'

export const feature: Feature = { name: 'visits', migrations, accountRoutes: visitRoutes }
