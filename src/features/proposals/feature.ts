import type { Feature } from '../../http/feature.ts'
import { proposalEvents } from './events.ts'
import { migrations } from './migrations.ts'
import { proposalRoutes } from './routes.ts'

export const feature: Feature = {
  name: 'proposals',
  migrations,
  // It is deleted only with its conversation.
  events: proposalEvents.types.filter(({ name }) => name !== 'proposal_deleted'),
  accountRoutes: proposalRoutes,
}
