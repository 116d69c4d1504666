import type { Feature } from '../../http/feature.ts'
import { migrations } from './migrations.ts'
import { bulkRoutes } from './routes.ts'
import { startBulkActions } from './running.ts'

export const feature: Feature = {
  name: 'bulk',
  migrations,
  accountRoutes: bulkRoutes,
  start: startBulkActions,
}
