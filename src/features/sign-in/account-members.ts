import type { Queries } from '../../db/database.ts'
import { Slot } from '../../lib/slot.ts'

/** The members of an account, for accepting an invitation: that feature is further down the list. */
export interface AccountMembers {
  /** Replaces an invited user by another user, in the same inboxes and teams and with the same conversations. */
  move(tx: Queries, accountId: number, invitedId: number, userId: number): Promise<void>
}
export const accountMembers = new Slot<AccountMembers>('members of an account')
