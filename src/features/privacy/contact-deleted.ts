import type { Queries } from '../../db/database.ts'
import { appendEvent } from '../../events/append.ts'
import type { Actor } from '../../lib/actor.ts'
import { getAccount } from '../accounts/service.ts'

/** Appends the event `contact_deleted`, which contains no personal data except the id. */
export async function logContactDeleted(
  tx: Queries,
  actor: Actor,
  id: number,
  conversationIds: number[],
  mergedInto: number | null,
): Promise<void> {
  const account = await getAccount(tx, actor.accountId)
  const data = {
    event: 'contact_deleted',
    id,
    merged_into: mergedInto,
    conversation_ids: conversationIds,
    account,
  }
  await appendEvent(tx, actor, {
    contact_id: id,
    name: 'contact_deleted',
    audience: 'agents',
    data: JSON.stringify(data),
  })
}
