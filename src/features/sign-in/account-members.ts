import type { Queries } from '../../db/database.ts'
import { Slot } from '../../lib/slot.ts'

/** What accepting an invitation needs of the feature `agents`, which is further down the list. */
export interface AccountMembers {
  /** Replaces an invited user with another user in the account: in its inboxes and teams, and as assignee. */
  move(tx: Queries, accountId: number, invitedId: number, userId: number): Promise<void>
}
export const accountMembers = new Slot<AccountMembers>('members of an account')
