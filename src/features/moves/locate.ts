import type { Queries } from '../../db/database.ts'
import { findMovedTo } from './message.store.ts'

/** The primary key of a message. */
interface MessageKey {
  account_id: number
  conversation_id: number
  id: number
}

/**
 * Returns the key of a message of which an event names the conversation. The message may have been moved to another one since.
 */
export async function locateMessage(queries: Queries, key: MessageKey): Promise<MessageKey> {
  const { account_id, id } = key
  return {
    account_id,
    conversation_id: (await findMovedTo(queries, account_id, id)) ?? key.conversation_id,
    id,
  }
}
