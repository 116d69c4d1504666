import type { Feature } from '../../http/feature.ts'
import { migrations } from './migrations.ts'
import { draftRoutes } from './routes.ts'

export const feature: Feature = { name: 'drafts', migrations, accountRoutes: draftRoutes }
