import type { Feature } from '../../http/feature.ts'
import { conversationRoutes } from './routes.ts'

export const feature: Feature = { name: 'conversations', accountRoutes: conversationRoutes }
