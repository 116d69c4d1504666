import type { Feature } from '../../http/feature.ts'
import { inboxConversations } from '../inboxes/service.ts'
import { conversationsOfInboxes } from './erase.ts'
import { conversationEvents } from './events.ts'
import { migrations } from './migrations.ts'
import { conversationReadings } from './readings.ts'
import { conversationRoutes } from './routes.ts'
import { startUnsnoozing } from './unsnooze.ts'

export const feature: Feature = {
  name: 'conversations',
  migrations,
  setup: (context) => inboxConversations.fill(context, conversationsOfInboxes),
  events: conversationEvents,
  accountRoutes: conversationRoutes,
  readings: conversationReadings,
  start: startUnsnoozing,
}
