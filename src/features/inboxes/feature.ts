import type { Feature } from '../../http/feature.ts'
import { inboxRoutes } from './routes.ts'

export const feature: Feature = { name: 'inboxes', accountRoutes: inboxRoutes }
