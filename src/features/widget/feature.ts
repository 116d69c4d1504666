import type { Feature } from '../../http/feature.ts'
import { widgetRoutes } from './routes.ts'

export const feature: Feature = { name: 'widget', routes: widgetRoutes }
