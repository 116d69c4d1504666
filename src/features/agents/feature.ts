import type { Feature } from '../../http/feature.ts'
import { agentRoutes } from './routes.ts'

/** The users of an account as its administrators see them. */
export const feature: Feature = { name: 'agents', accountRoutes: agentRoutes }
