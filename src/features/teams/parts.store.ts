import type { Queries } from '../../db/database.ts'
import type { Tables } from '../../db/tables.ts'
import { toSeconds } from '../../lib/time.ts'
import type { Team } from './schema.ts'

export async function findTeam(queries: Queries, accountId: number, id: number): Promise<Team | undefined> {
  const all = queries.sql.selectFrom('teams').selectAll()
  const row = await all.where('account_id', '=', accountId).where('id', '=', id).executeTakeFirst()
  return row && toTeam(row)
}

export async function isTeamMember(
  queries: Queries,
  accountId: number,
  teamId: number,
  userId: number,
): Promise<boolean> {
  const members = queries.sql.selectFrom('team_members').select('user_id').where('account_id', '=', accountId)
  const row = await members.where('team_id', '=', teamId).where('user_id', '=', userId).executeTakeFirst()
  return row !== undefined
}

/** Returns the ids of the teams that a user is a member of. */
export async function teamIdsOf(queries: Queries, accountId: number, userId: number): Promise<number[]> {
  const members = queries.sql.selectFrom('team_members').select('team_id').where('account_id', '=', accountId)
  const rows = await members.where('user_id', '=', userId).orderBy('team_id').execute()
  return rows.map(({ team_id }) => team_id)
}

/** Returns the ids of the members of a team; none if it does not exist. */
export async function memberIdsOf(queries: Queries, accountId: number, teamId: number): Promise<number[]> {
  const members = queries.sql.selectFrom('team_members').select('user_id').where('account_id', '=', accountId)
  const rows = await members.where('team_id', '=', teamId).orderBy('user_id').execute()
  return rows.map(({ user_id }) => user_id)
}

/** Returns a team as the API shows it. */
export function toTeam({
  id,
  name,
  description,
  allow_auto_assign,
  created_at,
  updated_at,
}: Tables['teams']): Team {
  const times = { created_at: toSeconds(created_at), updated_at: toSeconds(updated_at) }
  return { id, name, description, allow_auto_assign: allow_auto_assign === 1, ...times }
}
