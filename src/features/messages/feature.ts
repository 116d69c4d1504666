import type { Feature } from '../../http/feature.ts'
import { messaging } from '../conversations/messaging.ts'
import { lastMessage } from '../conversations/parts.store.ts'
import { messageEvents } from './events.ts'
import { MessageCounters, messageCounters, messageReadings } from './message-counters.ts'
import { messagingOfConversations } from './messaging.ts'
import { lastMessageDocument } from './parts.store.ts'
import { PostingQueue, postingQueue } from './posting-queue.ts'
import { messageRoutes } from './routes.ts'

export const feature: Feature = {
  name: 'messages',
  copying: { sequences: { message_ids: 'messages' } },
  setup(context) {
    messaging.fill(context, messagingOfConversations)
    lastMessage.fill(context, lastMessageDocument)
    postingQueue.fill(context, new PostingQueue(context.database))
    messageCounters.fill(context, new MessageCounters())
  },
  events: messageEvents,
  accountRoutes: messageRoutes,
  readings: messageReadings,
}
