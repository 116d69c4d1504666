import type { Feature } from '../../http/feature.ts'
import { contactRoutes } from './routes.ts'

export const feature: Feature = { name: 'contacts', accountRoutes: contactRoutes }
