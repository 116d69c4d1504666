import type { Queries } from '../../db/database.ts'
import { updateContact } from './parts.store.ts'

interface ContactKey {
  account_id: number
  contact_id: number
}

/** Adds labels to a contact and removes others, by their ids. */
export async function updateLabels(
  tx: Queries,
  key: ContactKey,
  added: number[],
  removed: number[],
): Promise<void> {
  if (removed.length > 0) {
    await tx.sql
      .deleteFrom('contact_labels')
      .where('account_id', '=', key.account_id)
      .where('contact_id', '=', key.contact_id)
      .where('label_id', 'in', removed)
      .execute()
  }
  if (added.length > 0) {
    const rows = added.map((label_id) => ({ ...key, label_id }))
    await tx.sql.insertInto('contact_labels').values(rows).execute()
  }
  await updateContact(tx, key.account_id, key.contact_id, {})
}
