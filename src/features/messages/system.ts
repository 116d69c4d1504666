import type { Queries } from '../../db/database.ts'
import type { Messaging } from '../conversations/service.ts'
import { insertPosting } from './posting.store.ts'
import { eraseMessages, readMessages } from './read.store.ts'
import { sendFirst } from './service.ts'

export { lastDocument } from './store.ts'

// Messages marked in one transaction.
const mostAtOnce = 500

/** What conversations need of messages. */
export const messagingOfConversations: Messaging = {
  sendFirst,
  writeActivity,
  async markRead(tx, account_id, conversation_id, message_type, since) {
    const place = { account_id, conversation_id, message_type }
    const count = await readMessages(tx, { ...place, since, now: Date.now(), limit: mostAtOnce })
    return { count, more: count === mostAtOnce }
  },
  eraseAll: eraseMessages,
}

/** Writes a line of nobody: it opens nothing, and nobody has to read it. */
async function writeActivity(
  tx: Queries,
  accountId: number,
  conversationId: number,
  sentence: string,
): Promise<void> {
  await insertPosting(tx, {
    account_id: accountId,
    conversation_id: conversationId,
    user_id: 0,
    sees_all: 1,
    message_type: 'activity',
    content_type: 'text',
    content: sentence,
    content_attributes: '{}',
    private: 0,
    sender_type: null,
    sender_id: null,
    echo_id: null,
    source_id: null,
    idempotency_key: null,
    idempotency_hash: null,
    attachments: null,
    now: Date.now(),
    only_open: 0,
    unread: 0,
    only_in: null,
  })
}
