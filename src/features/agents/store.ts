import type { Selectable, Updateable } from 'kysely'
import type { Queries } from '../../db/database.ts'
import type { Tables } from '../../db/tables.ts'

type Member = Selectable<Tables['account_users']>

/** Returns whether the account has another administrator who can sign in. */
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
 * Tables with the memberships of a user inside an account. Every other table that references a member must be in this list;
 * a test finds missing ones.
 */
export const memberships = [
  'inbox_members',
  'team_members',
  'token_memberships',
  'canned_responses',
  'signatures',
  'drafts',
  'macros',
  'views',
  'conversation_participants',
  'notifications',
  'notification_settings',
  'notification_digests',
] as const

/** Deletes the membership of a user in an account, and the memberships inside it. */
export async function deleteMember(tx: Queries, accountId: number, userId: number): Promise<void> {
  for (const table of [...memberships, 'account_users'] as const) {
    await tx.sql.deleteFrom(table).where('account_id', '=', accountId).where('user_id', '=', userId).execute()
  }
}

/** Replaces a user with another one in all inboxes and teams of the account. */
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
