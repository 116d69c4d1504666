import type { Feature } from '../../http/feature.ts'
import { notificationChannels } from '../notifications/channels.ts'
import { pushChannel } from './channel.ts'
import { PushCounters, pushCounters, pushReadings } from './counters.ts'
import { migrations } from './migrations.ts'
import { subscriptionRoutes } from './routes.ts'
import { pushSender } from './sender.ts'

export const feature: Feature = {
  name: 'push',
  migrations,
  secrets: [{ table: 'push_keys', column: 'private_key', key: ['id'] }],
  setup(context) {
    notificationChannels.of(context).push(pushChannel)
    pushCounters.fill(context, new PushCounters())
  },
  readings: pushReadings,
  routes: subscriptionRoutes,
  senders: (context) => [pushSender(context)],
}
