import type { Queries } from '../../db/database.ts'
import { appendEvent } from '../../events/append.ts'
import type { Actor } from '../../lib/actor.ts'
import { getAccount } from '../accounts/service.ts'

/** Appends that a contact is no more; it tells nothing about the person but which one it was. */
export async function logGone(
  tx: Queries,
  { accountId }: Actor,
  id: number,
  conversationIds: number[],
  mergedInto: number | null,
): Promise<void> {
  const account = await getAccount(tx, accountId)
  const told = { id: String(id), merged_into: mergedInto, conversation_ids: conversationIds, account }
  await appendEvent(tx, {
    account_id: accountId,
    contact_id: id,
    name: 'contact_deleted',
    audience: 'agents',
    data: JSON.stringify({ event: 'contact_deleted', ...told }),
  })
}
