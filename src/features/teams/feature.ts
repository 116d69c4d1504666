import type { Feature } from '../../http/feature.ts'
import { teamEvents } from './events.ts'
import { teamRoutes } from './routes.ts'
import { presence } from './service.ts'

export const feature: Feature = {
  name: 'teams',
  // Until a feature below knows who is online, nobody is.
  setup: () => presence.fill({ onlineUsers: async () => [] }),
  events: teamEvents.types,
  accountRoutes: teamRoutes,
}
