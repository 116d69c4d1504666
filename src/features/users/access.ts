import type { Queries } from '../../db/database.ts'
import { logAccessChange } from '../../events/access.ts'
import { selectAccounts } from './store.ts'

/** Notifies the open streams of a user that their access has changed: in `accountIds`, by default in all their accounts. */
export async function logAccessChanges(tx: Queries, userId: number, accountIds?: number[]): Promise<void> {
  const ids = accountIds ?? (await selectAccounts(tx, userId)).map(({ id }) => id)
  for (const accountId of ids) await logAccessChange(tx, accountId, userId)
}
