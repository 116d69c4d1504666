import type { Messaging } from '../conversations/messaging.ts'
import { writeActivity } from './activity-message.ts'
import { eraseMessages, markMessagesRead } from './bulk.store.ts'
import { sendFirst } from './service.ts'

// Messages that are marked in one transaction.
const maxPerStep = 500

/** What conversations need from this feature. */
export const messagingOfConversations: Messaging = {
  sendFirst,
  writeActivity,
  async markRead(tx, account_id, conversation_id, message_type, since) {
    const unread = { account_id, conversation_id, message_type, since, now: Date.now(), limit: maxPerStep }
    const count = await markMessagesRead(tx, unread)
    return { count, more: count === maxPerStep }
  },
  eraseAll: eraseMessages,
}
