import type { Feature } from '../../http/feature.ts'
import { messaging } from '../conversations/service.ts'
import { messageRoutes } from './routes.ts'
import { messagingOfConversations } from './service.ts'

export const feature: Feature = {
  name: 'messages',
  setup: () => messaging.fill(messagingOfConversations),
  accountRoutes: messageRoutes,
}
