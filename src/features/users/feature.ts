import type { Feature } from '../../http/feature.ts'
import { profileRoutes } from './routes.ts'

export const feature: Feature = { name: 'users', routes: profileRoutes }
