import type { Context, Feature } from '../../http/feature.ts'
import type { Running } from '../../lib/loop.ts'
import { draftChanges } from '../drafts/service.ts'
import { notificationSignals } from '../notifications/announcing.ts'
import { presence } from '../teams/service.ts'
import { availabilityChanges } from '../users/availability.ts'
import { Realtime, realtime } from './realtime.ts'
import { realtimeRoutes } from './routes.ts'
import { onlineUsers } from './service.ts'
import { signalTypes } from './webhook-signals.ts'

export const feature: Feature = {
  name: 'realtime',
  signals: signalTypes,
  setup(context) {
    realtime.fill(context, new Realtime(context))
    presence.fill(context, { onlineUsers: (accountId) => onlineUsers(context.database, accountId) })
    draftChanges.fill(context, {
      announce: ({ accountId: account, userId: user }, conversation, version) =>
        realtime.of(context).signals.send({ kind: 'draft', account, user, conversation, version }),
    })
    notificationSignals.fill(context, {
      send: ({ accountId: account, userId: user, notificationId: notification, unreadCount: unread }) =>
        realtime.of(context).signals.send({ kind: 'notification', account, user, notification, unread }),
    })
    availabilityChanges.fill(context, {
      announce: (account, user) => realtime.of(context).signals.send({ kind: 'availability', account, user }),
    })
  },
  accountRoutes: realtimeRoutes,
  readings: (context) => [
    {
      name: 'ndoto_event_streams',
      help: 'Open event streams.',
      read: () => realtime.of(context).streams.count,
    },
  ],
  start,
}

function start(context: Context): Running {
  return realtime.of(context).start()
}
