import type { Feature } from '../../http/feature.ts'
import { inboxConversations } from '../inboxes/service.ts'
import { conversationsOfInboxes } from './erase.ts'
import { conversationEvents } from './events.ts'
import { conversationRoutes } from './routes.ts'
import { startWaking } from './wake.ts'

export const feature: Feature = {
  name: 'conversations',
  setup: () => inboxConversations.fill(conversationsOfInboxes),
  events: conversationEvents,
  accountRoutes: conversationRoutes,
  start: startWaking,
}
