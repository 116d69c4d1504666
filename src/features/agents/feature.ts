import type { Feature } from '../../http/feature.ts'
import { accountMembers } from '../sign-in/service.ts'
import { agentRoutes } from './routes.ts'
import { moveMember } from './service.ts'

/** The administration of an account's users. */
export const feature: Feature = {
  name: 'agents',
  setup: () => accountMembers.fill({ move: moveMember }),
  accountRoutes: agentRoutes,
}
