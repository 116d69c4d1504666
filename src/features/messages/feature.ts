import type { Feature } from '../../http/feature.ts'
import { lastMessage, messaging } from '../conversations/service.ts'
import { messageEvents } from './events.ts'
import { messageRoutes } from './routes.ts'
import { lastDocument, messagingOfConversations } from './system.ts'

export const feature: Feature = {
  name: 'messages',
  setup() {
    messaging.fill(messagingOfConversations)
    lastMessage.fill(lastDocument)
  },
  events: messageEvents,
  accountRoutes: messageRoutes,
}
