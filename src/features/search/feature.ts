import type { Feature } from '../../http/feature.ts'
import { startBackfill } from './backfill.ts'
import { migrations } from './migrations.ts'
import { indexing } from './service.ts'

export const feature: Feature = {
  name: 'search',
  migrations,
  followers: [indexing],
  start: ({ database }, logger) => startBackfill(database, logger),
}
