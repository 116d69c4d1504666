import type { Queries } from '../../db/database.ts'
import { Slot } from '../../lib/slot.ts'

/** What accepting an invitation needs of the members of an account, which are further down the list of features. */
export interface AccountMembers {
  /** Makes another user the member that an invited user is, with all that was set up for them. */
  move(tx: Queries, accountId: number, invitedId: number, userId: number): Promise<void>
}
export const accountMembers = new Slot<AccountMembers>('members of an account')
