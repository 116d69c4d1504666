import type { Feature } from '../../http/feature.ts'
import { teamEvents } from './events.ts'
import { teamRoutes } from './routes.ts'
import { presence } from './service.ts'

export const feature: Feature = {
  name: 'teams',
  // The default, until `realtime` fills the slot: nobody is online.
  setup: () => presence.fill({ onlineUsers: async () => [] }),
  events: teamEvents.types,
  accountRoutes: teamRoutes,
}
