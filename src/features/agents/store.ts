import type { Selectable, Updateable } from 'kysely'
import type { Queries } from '../../db/database.ts'
import type { Tables } from '../../db/tables.ts'

type Member = Selectable<Tables['account_users']>

/** Whether somebody else is an administrator of the account who can sign in. */
export async function hasOtherAdministrator(
  queries: Queries,
  accountId: number,
  userId: number,
): Promise<boolean> {
  const other = await queries.sql
    .selectFrom('account_users as m')
    .innerJoin('users as u', 'u.id', 'm.user_id')
    .select('u.id')
    .where('m.account_id', '=', accountId)
    .where('m.user_id', '!=', userId)
    .where('m.role', '=', 'administrator')
    .where('u.confirmed', '=', 1)
    .executeTakeFirst()
  return other !== undefined
}

export async function updateMember(
  tx: Queries,
  accountId: number,
  userId: number,
  change: Updateable<Pick<Member, 'role' | 'availability'>>,
): Promise<void> {
  await tx.sql
    .updateTable('account_users')
    .set(change)
    .where('account_id', '=', accountId)
    .where('user_id', '=', userId)
    .execute()
}

/**
 * What a user is a member of inside an account. Whatever names a member in a table of its own belongs here: a test looks
 * for such tables.
 */
export const memberships = ['inbox_members', 'team_members', 'token_memberships'] as const

/** Deletes the membership of a user and all that hangs on it. */
export async function deleteMember(tx: Queries, accountId: number, userId: number): Promise<void> {
  for (const table of [...memberships, 'account_users'] as const) {
    await tx.sql.deleteFrom(table).where('account_id', '=', accountId).where('user_id', '=', userId).execute()
  }
}

/** Replaces a user by another one in all inboxes and teams of the account. */
export async function moveMemberships(
  tx: Queries,
  accountId: number,
  fromId: number,
  toId: number,
): Promise<void> {
  for (const table of ['inbox_members', 'team_members'] as const) {
    const members = tx.sql.updateTable(table).set({ user_id: toId }).where('account_id', '=', accountId)
    await members.where('user_id', '=', fromId).execute()
  }
}
