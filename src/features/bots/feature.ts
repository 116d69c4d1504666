import { identification } from '../../http/auth.ts'
import type { Feature } from '../../http/feature.ts'
import { conversationBots } from '../conversations/bots.ts'
import { identifyBots } from './access.ts'
import { botEvents } from './events.ts'
import { migrations } from './migrations.ts'
import { botRoutes } from './routes.ts'
import { botSender } from './sender.ts'
import { activeBotOf, isActiveBot, nameOfBot } from './service.ts'

export const feature: Feature = {
  name: 'bots',
  migrations,
  secrets: [{ table: 'agent_bots', column: 'secret', key: ['account_id', 'id'] }],
  setup(context) {
    identification.fill(context, identifyBots(context.database, identification.of(context)))
    conversationBots.fill(context, { activeIn: activeBotOf, isActive: isActiveBot, nameOf: nameOfBot })
  },
  events: botEvents.types,
  accountRoutes: botRoutes,
  senders: (context) => [botSender(context)],
}
