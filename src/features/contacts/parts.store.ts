import type { Updateable } from 'kysely'
import type { Queries } from '../../db/database.ts'
import type { Tables } from '../../db/tables.ts'

/** Sets columns of a contact, and its `updated_at`. */
export async function updateContact(
  tx: Queries,
  accountId: number,
  id: number,
  change: Updateable<Tables['contacts']>,
): Promise<void> {
  await tx.sql
    .updateTable('contacts')
    .set({ ...change, updated_at: Date.now() })
    .where('account_id', '=', accountId)
    .where('id', '=', id)
    .execute()
}
