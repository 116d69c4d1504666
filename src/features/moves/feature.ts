import type { Feature } from '../../http/feature.ts'
import { startMoving } from './background.ts'
import { migrations } from './migrations.ts'
import { moveRoutes } from './routes.ts'

export const feature: Feature = {
  name: 'moves',
  migrations,
  accountRoutes: moveRoutes,
  start: startMoving,
}
