import type { Context, Feature } from '../../http/feature.ts'
import { presence } from '../teams/service.ts'
import { realtimeRoutes } from './routes.ts'
import { onlineUsers, realtimeOf } from './service.ts'

export const feature: Feature = {
  name: 'realtime',
  accountRoutes: realtimeRoutes,
  readings: (context) => [
    {
      name: 'ndoto_event_streams',
      help: 'Open event streams.',
      read: () => realtimeOf(context).streams.count,
    },
  ],
  start,
}

function start(context: Context): () => Promise<void> {
  presence.fill({ onlineUsers: async (accountId) => [...onlineUsers(context.database, accountId)] })
  return realtimeOf(context).start()
}
