import type { Feature } from '../../http/feature.ts'
import { migrations } from './migrations.ts'
import { importExportRoutes } from './routes.ts'

export const feature: Feature = { name: 'import-export', migrations, accountRoutes: importExportRoutes }
