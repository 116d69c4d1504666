import type { Feature } from '../../http/feature.ts'
import { signInRoutes } from './routes.ts'

export const feature: Feature = { name: 'sign-in', routes: signInRoutes }
