import type { Feature } from '../../http/feature.ts'
import { migrations } from './migrations.ts'
import { contactImportRoutes } from './routes.ts'
import { startContactImports } from './running.ts'

export const feature: Feature = {
  name: 'contact-imports',
  migrations,
  accountRoutes: contactImportRoutes,
  start: startContactImports,
}
