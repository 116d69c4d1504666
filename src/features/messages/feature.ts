import type { Feature } from '../../http/feature.ts'
import { lastMessage, messaging } from '../conversations/service.ts'
import { messageEvents } from './events.ts'
import { lastMessageDocument, messagingOfConversations } from './messaging.ts'
import { messageRoutes } from './routes.ts'

export const feature: Feature = {
  name: 'messages',
  setup() {
    messaging.fill(messagingOfConversations)
    lastMessage.fill(lastMessageDocument)
  },
  events: messageEvents,
  accountRoutes: messageRoutes,
}
