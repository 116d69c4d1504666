import type { Feature } from '../../http/feature.ts'
import { conversationViews } from '../conversations/last-seen.ts'
import { conversationNews } from '../participants/news.ts'
import { announceChange } from './announcing.ts'
import { notificationChannels } from './channels.ts'
import { DigestCounters, digestCounters, digestReadings } from './counters.ts'
import { emailChannel, startDigests } from './digest.ts'
import { migrations } from './migrations.ts'
import { newsOf } from './news.ts'
import { notificationRoutes } from './routes.ts'
import { noteSeen } from './service.ts'
import { unsubscribeRoutes } from './unsubscribe-page.ts'

export const feature: Feature = {
  name: 'notifications',
  migrations,
  setup(context) {
    digestCounters.fill(context, new DigestCounters())
    notificationChannels.fill(context, context.config.mail.url ? [emailChannel(context)] : [])
    conversationNews.fill(context, newsOf(context.database))
    conversationViews.fill(context, {
      seen: noteSeen,
      announce: ({ accountId, userId }) => announceChange(context.database, accountId, userId),
    })
  },
  routes: unsubscribeRoutes,
  accountRoutes: notificationRoutes,
  readings: digestReadings,
  start: startDigests,
}
