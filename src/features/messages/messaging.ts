import type { Messaging } from '../conversations/messaging.ts'
import { writeActivity } from './activity-message.ts'
import { eraseMessages, markMessagesRead } from './bulk.store.ts'

// Messages that are marked in one transaction. Other transactions wait for it.
const maxPerStep = 200

/** What conversations need from this feature. */
export const messagingOfConversations: Messaging = {
  writeActivity,
  async markRead(tx, actor, conversation_id, message_type, since) {
    const conversation = { account_id: actor.accountId, conversation_id }
    const unread = { ...conversation, message_type, since, now: Date.now(), limit: maxPerStep }
    const { count, last } = await markMessagesRead(tx, actor, unread)
    return { count, moreSince: count === maxPerStep ? last : undefined }
  },
  erase: eraseMessages,
}
