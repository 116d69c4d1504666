import type { Feature } from '../../http/feature.ts'
import { participantEvents } from './events.ts'
import { followingParticipants } from './following.ts'
import { migrations } from './migrations.ts'
import { participantRoutes } from './routes.ts'

export const feature: Feature = {
  name: 'participants',
  migrations,
  events: participantEvents,
  accountRoutes: participantRoutes,
  followers: [followingParticipants],
}
