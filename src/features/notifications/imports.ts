import type { Queries } from '../../db/database.ts'
import { PendingNotifications } from './pending.ts'
import type { ImportResult } from './schema.ts'
import { wishesOf } from './settings.ts'

/**
 * Notifies a member of the account of the end of their import, in the transaction that ends it: exactly once. Returns
 * the id of a notification that is in their list, for `announceChange` after the transaction.
 */
export async function notifyOfImport(
  tx: Queries,
  accountId: number,
  userId: number,
  { id, ...result }: ImportResult & { id: number },
): Promise<number | undefined> {
  const pending = new PendingNotifications(tx, accountId)
  const wishes = (await wishesOf(tx, accountId, [userId])).get(userId)!
  const about = { contact_import_id: id, contact_import: JSON.stringify(result) }
  pending.add({ userId, type: 'import_finished' }, wishes, {
    ...{ conversation_id: null, message_id: null, ...about },
    ...{ actor_type: 'system', actor_id: null, created_at: Date.now() },
  })
  return (await pending.store())[0]?.id
}
