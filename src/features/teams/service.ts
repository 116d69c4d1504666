import type { Database, Queries } from '../../db/database.ts'
import { nextId } from '../../db/ids.ts'
import type { Actor } from '../../lib/actor.ts'
import { invalid, notFound } from '../../lib/errors.ts'
import { Slot } from '../../lib/slot.ts'
import type { Member } from '../inboxes/schema.ts'
import { roleOf } from '../users/service.ts'
import { teamEvents } from './events.ts'
import { findTeam } from './parts.store.ts'
import type { NewTeam, Team, TeamChange } from './schema.ts'
import {
  deleteMembers,
  deleteTeam,
  findTeamId,
  insertMembers,
  insertTeam,
  selectLatestTurn,
  selectMembers,
  selectNextMember,
  selectTeams,
  updateTeam,
  updateTurn,
} from './store.ts'

/** Which users are online: neither busy nor offline. The feature `realtime` provides it. */
export interface Presence {
  /** Returns the ids of the account's users who are online. */
  onlineUsers(accountId: number): Promise<readonly number[]>
}
export const presence = new Slot<Presence>('presence')

/** Returns the account's teams, sorted by name. */
export function listTeams(queries: Queries, { accountId }: Actor): Promise<Team[]> {
  return selectTeams(queries, accountId)
}

/** Returns one team. Throws `not_found`. */
export async function getTeam(queries: Queries, { accountId }: Actor, id: number): Promise<Team> {
  const team = await findTeam(queries, accountId, id)
  if (!team) throw notFound('team')
  return team
}

/** Creates a team. Throws `invalid` if the account already has one with this name, ignoring case. */
export function createTeam(database: Database, actor: Actor, input: NewTeam): Promise<Team> {
  const { accountId } = actor
  return database.transaction(accountId, async (tx) => {
    const { name, description = null, allow_auto_assign } = input
    await assertNameUnused(tx, accountId, name)
    const id = await nextId(tx, accountId, 'teams')
    const now = Date.now()
    await insertTeam(tx, {
      account_id: accountId,
      id,
      name,
      folded_name: foldName(name),
      description,
      allow_auto_assign: allow_auto_assign ? 1 : 0,
      created_at: now,
      updated_at: now,
    })
    const team = await getTeam(tx, actor, id)
    await teamEvents.created(tx, actor, team)
    return team
  })
}

/** Changes a team. Throws `not_found`, or `invalid` if another team has the name. */
export function changeTeam(
  database: Database,
  actor: Actor,
  id: number,
  { name, description, allow_auto_assign }: TeamChange,
): Promise<Team> {
  const { accountId } = actor
  return database.transaction(accountId, async (tx) => {
    const before = await getTeam(tx, actor, id)
    if (name !== undefined) await assertNameUnused(tx, accountId, name, id)
    await updateTeam(tx, accountId, id, {
      name: name ?? before.name,
      folded_name: foldName(name ?? before.name),
      description: description === undefined ? before.description : description,
      allow_auto_assign: (allow_auto_assign ?? before.allow_auto_assign) ? 1 : 0,
      updated_at: Date.now(),
    })
    const team = await getTeam(tx, actor, id)
    await teamEvents.updated(tx, actor, before, team)
    return team
  })
}

/** Deletes a team. Its conversations no longer belong to a team. Throws `not_found`. */
export function removeTeam(database: Database, actor: Actor, id: number): Promise<void> {
  return database.transaction(actor.accountId, async (tx) => {
    const team = await getTeam(tx, actor, id)
    await deleteTeam(tx, actor.accountId, id)
    await teamEvents.deleted(tx, actor, team)
  })
}

/** Returns the members of a team. Throws `not_found`. */
export async function listMembers(queries: Queries, actor: Actor, id: number): Promise<Member[]> {
  await getTeam(queries, actor, id)
  return selectMembers(queries, actor.accountId, id)
}

/**
 * Adds members and returns all. Users who are members already are ignored. Throws `not_found`, or `invalid` for a user
 * who is not in the account.
 */
export function addMembers(
  database: Database,
  actor: Actor,
  id: number,
  userIds: number[],
): Promise<Member[]> {
  const { accountId } = actor
  return database.transaction(accountId, async (tx) => {
    const team = await getTeam(tx, actor, id)
    for (const userId of userIds) {
      if (await roleOf(tx, accountId, userId)) continue
      throw invalid('user_ids', `names no member of this account: ${userId}`, 'not_found')
    }
    return insertAndLog(tx, actor, team, [...new Set(userIds)])
  })
}

/** Replaces the members of a team, and returns them. Throws as `addMembers` does. */
export async function setMembers(
  database: Database,
  actor: Actor,
  id: number,
  userIds: number[],
): Promise<Member[]> {
  const members = await addMembers(database, actor, id, userIds)
  const others = members.filter((one) => !userIds.includes(one.id)).map((one) => one.id)
  return others.length > 0 ? removeMembers(database, actor, id, others) : members
}

/** Makes a user a member of several teams. Throws `invalid` for a team that is not of the account. */
export async function joinTeams(tx: Queries, actor: Actor, userId: number, teamIds: number[]): Promise<void> {
  for (const id of new Set(teamIds)) {
    const team = await findTeam(tx, actor.accountId, id)
    if (!team) throw invalid('team_ids', `names no team of this account: ${id}`, 'not_found')
    await insertAndLog(tx, actor, team, [userId])
  }
}

async function insertAndLog(tx: Queries, actor: Actor, team: Team, userIds: number[]): Promise<Member[]> {
  const before = await selectMembers(tx, actor.accountId, team.id)
  await insertMembers(tx, actor.accountId, team.id, userIds, Date.now())
  return logMembers(tx, actor, team, before)
}

/** Removes members and returns the others. Users who are not members are ignored. Throws `not_found`. */
export function removeMembers(
  database: Database,
  actor: Actor,
  id: number,
  userIds: number[],
): Promise<Member[]> {
  const { accountId } = actor
  return database.transaction(accountId, async (tx) => {
    const team = await getTeam(tx, actor, id)
    const before = await selectMembers(tx, accountId, id)
    await deleteMembers(tx, accountId, id, userIds)
    return logMembers(tx, actor, team, before)
  })
}

/** Returns the members, and appends an event if they have changed. */
async function logMembers(tx: Queries, actor: Actor, team: Team, before: Member[]): Promise<Member[]> {
  const members = await selectMembers(tx, actor.accountId, team.id)
  if (members.length !== before.length) await teamEvents.updated(tx, actor, team, team, ['members'])
  return members
}

/**
 * Chooses the member of the team who gets its next conversation in an inbox, and records their turn: of the members
 * who are in `online` and work in the inbox, the one who has waited longest. Returns undefined if there is no such
 * member, or if the team does not assign automatically.
 */
export async function takeTurn(
  tx: Queries,
  accountId: number,
  { id, allow_auto_assign }: Team,
  inboxId: number,
  online: readonly number[],
): Promise<number | undefined> {
  if (!allow_auto_assign) return undefined
  const userId = await selectNextMember(tx, { account_id: accountId, team_id: id, inbox_id: inboxId }, online)
  if (userId === undefined) return undefined
  // If two turns had the same millisecond, the member with the lower id would get the next one again.
  const time = Math.max(Date.now(), (await selectLatestTurn(tx, accountId, id)) + 1)
  await updateTurn(tx, accountId, id, userId, time)
  return userId
}

async function assertNameUnused(
  tx: Queries,
  accountId: number,
  name: string,
  except?: number,
): Promise<void> {
  const id = await findTeamId(tx, accountId, foldName(name))
  if (id !== undefined && id !== except) throw invalid('name', `is already used by team ${id}`, 'taken')
}

/** The form in which names of teams are compared. */
export function foldName(name: string): string {
  return name.normalize('NFKC').toLowerCase()
}
