import type { Feature } from '../../http/feature.ts'
import { migrations } from './migrations.ts'
import { signInRoutes } from './routes.ts'

export const feature: Feature = { name: 'sign-in', migrations, routes: signInRoutes }
