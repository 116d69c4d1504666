import { sql, type Updateable } from 'kysely'
import type { Queries } from '../../db/database.ts'
import type { Tables } from '../../db/tables.ts'
import type { Member } from '../inboxes/schema.ts'
import { toTeam } from './parts.store.ts'
import type { Team } from './schema.ts'

type Row = Tables['teams']

export async function selectTeams(queries: Queries, accountId: number): Promise<Team[]> {
  const all = queries.sql.selectFrom('teams').selectAll()
  const rows = await all.where('account_id', '=', accountId).orderBy('folded_name').execute()
  return rows.map(toTeam)
}

/** Returns the id of the team with this name; `foldedName` is in the form of the column `folded_name`. */
export async function findTeamId(
  queries: Queries,
  accountId: number,
  foldedName: string,
): Promise<number | undefined> {
  const ids = queries.sql.selectFrom('teams').select('id').where('account_id', '=', accountId)
  return (await ids.where('folded_name', '=', foldedName).executeTakeFirst())?.id
}

export async function insertTeam(tx: Queries, row: Row): Promise<void> {
  await tx.sql.insertInto('teams').values(row).execute()
}

export async function updateTeam(
  tx: Queries,
  accountId: number,
  id: number,
  change: Updateable<Row>,
): Promise<void> {
  const update = tx.sql.updateTable('teams').set(change)
  await update.where('account_id', '=', accountId).where('id', '=', id).execute()
}

/** Deletes a team and removes it from its conversations. */
export async function deleteTeam(tx: Queries, accountId: number, id: number): Promise<void> {
  const conversations = tx.sql.updateTable('conversations').set({ team_id: null })
  await conversations.where('account_id', '=', accountId).where('team_id', '=', id).execute()
  await tx.sql.deleteFrom('teams').where('account_id', '=', accountId).where('id', '=', id).execute()
}

export async function selectMembers(queries: Queries, accountId: number, teamId: number): Promise<Member[]> {
  return queries.sql
    .selectFrom('team_members as t')
    .innerJoin('users as u', 'u.id', 't.user_id')
    .innerJoin('account_users as a', (join) =>
      join.onRef('a.account_id', '=', 't.account_id').onRef('a.user_id', '=', 't.user_id'),
    )
    .select(['u.id', 'u.name', 'u.email', 'a.role', 'u.avatar_url'])
    .where('t.account_id', '=', accountId)
    .where('t.team_id', '=', teamId)
    .orderBy('u.id')
    .execute()
}

/** Adds members. Users who are members already stay as they are. */
export async function insertMembers(
  tx: Queries,
  accountId: number,
  teamId: number,
  userIds: number[],
  now: number,
): Promise<void> {
  if (userIds.length === 0) return
  const rows = userIds.map((user_id) => ({
    account_id: accountId,
    team_id: teamId,
    user_id,
    last_assigned_at: null,
    created_at: now,
  }))
  const insert = tx.sql.insertInto('team_members').values(rows)
  await insert.onConflict((conflict) => conflict.doNothing()).execute()
}

export async function deleteMembers(
  tx: Queries,
  accountId: number,
  teamId: number,
  userIds: number[],
): Promise<void> {
  // PostgreSQL does not accept an empty list.
  if (userIds.length === 0) return
  const members = tx.sql.deleteFrom('team_members').where('account_id', '=', accountId)
  await members.where('team_id', '=', teamId).where('user_id', 'in', userIds).execute()
}

/**
 * Returns the member among `userIds` who works in the inbox and has waited longest since their last turn. Members who
 * have never had a turn come first; the lowest id breaks a tie.
 */
export async function selectNextMember(
  tx: Queries,
  { account_id, team_id, inbox_id }: { account_id: number; team_id: number; inbox_id: number },
  userIds: readonly number[],
): Promise<number | undefined> {
  if (userIds.length === 0) return undefined
  const row = await tx.sql
    .selectFrom('team_members as t')
    .innerJoin('account_users as a', (join) =>
      join.onRef('a.account_id', '=', 't.account_id').onRef('a.user_id', '=', 't.user_id'),
    )
    .select('t.user_id')
    .where('t.account_id', '=', account_id)
    .where('t.team_id', '=', team_id)
    .where('t.user_id', 'in', userIds)
    .where(
      sql<boolean>`(a.role = 'administrator' or exists (select 1 from inbox_members m
        where m.account_id = t.account_id and m.inbox_id = ${inbox_id} and m.user_id = t.user_id))`,
    )
    .orderBy((eb) => eb.fn.coalesce('t.last_assigned_at', sql<number>`0`))
    .orderBy('t.user_id')
    .limit(1)
    .executeTakeFirst()
  return row?.user_id
}

/** Returns the time of the latest turn in the team, in milliseconds; 0 if there was none. */
export async function selectLatestTurn(tx: Queries, accountId: number, teamId: number): Promise<number> {
  const turns = tx.sql.selectFrom('team_members').select((eb) => eb.fn.max('last_assigned_at').as('latest'))
  const row = await turns.where('account_id', '=', accountId).where('team_id', '=', teamId).executeTakeFirst()
  return row?.latest ?? 0
}

/** Sets the time of a member's last turn, in milliseconds. */
export async function updateTurn(
  tx: Queries,
  accountId: number,
  teamId: number,
  userId: number,
  time: number,
): Promise<void> {
  const members = tx.sql.updateTable('team_members').set({ last_assigned_at: time })
  const inTeam = members.where('account_id', '=', accountId).where('team_id', '=', teamId)
  await inTeam.where('user_id', '=', userId).execute()
}
