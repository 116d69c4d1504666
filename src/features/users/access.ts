import type { Queries } from '../../db/database.ts'
import { logAccessChange } from '../../events/access.ts'
import { selectAccounts } from './store.ts'

/** Notifies open streams of a user that what they may hear has changed: in the accounts named, or in all of theirs. */
export async function tellAccessChange(tx: Queries, userId: number, accountIds?: number[]): Promise<void> {
  const ids = accountIds ?? (await selectAccounts(tx, userId)).map(({ id }) => id)
  for (const accountId of ids) await logAccessChange(tx, accountId, userId)
}
