import type { Context, Feature } from '../../http/feature.ts'
import { presence } from '../teams/service.ts'
import { realtimeRoutes } from './routes.ts'
import { nodeOf, onlineUsers } from './service.ts'

export const feature: Feature = {
  name: 'realtime',
  accountRoutes: realtimeRoutes,
  readings: (context) => [
    {
      name: 'ndoto_event_streams',
      help: 'Event streams that are open.',
      read: () => nodeOf(context).streams.count,
    },
  ],
  start,
}

function start(context: Context): () => Promise<void> {
  presence.fill({ onlineUsers: async (accountId) => [...onlineUsers(context.database, accountId)] })
  return nodeOf(context).start()
}
