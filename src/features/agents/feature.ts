import type { Feature } from '../../http/feature.ts'
import { accountMembers } from '../sign-in/account-members.ts'
import { agentRoutes } from './routes.ts'
import { moveMember } from './service.ts'

/** The administration of an account's users. */
export const feature: Feature = {
  name: 'agents',
  setup: (context) => accountMembers.fill(context, { move: moveMember }),
  accountRoutes: agentRoutes,
}
