import type { Database, Queries } from '../../db/database.ts'
import { nextId } from '../../db/ids.ts'
import type { Actor } from '../../lib/actor.ts'
import { invalid, notFound } from '../../lib/errors.ts'
import { Slot } from '../../lib/slot.ts'
import type { Member } from '../inboxes/schema.ts'
import { roleOf } from '../users/service.ts'
import { teamEvents } from './events.ts'
import type { NewTeam, Team, TeamChange } from './schema.ts'
import {
  deleteMembers,
  deleteTeam,
  findTeam,
  idByName,
  insertMembers,
  insertTeam,
  latestTurn,
  noteTurn,
  selectMembers,
  selectTeams,
  updateTeam,
  whoseTurn,
} from './store.ts'

/** Who is there to work; a feature further down the list knows. */
export interface Presence {
  /** The ids of the account's users who are online. */
  onlineUsers(accountId: number): Promise<readonly number[]>
}
export const presence = new Slot<Presence>('presence')

/** The account's teams, by name. */
export function listTeams(queries: Queries, { accountId }: Actor): Promise<Team[]> {
  return selectTeams(queries, accountId)
}

/** One team. Throws `not_found`. */
export async function getTeam(queries: Queries, { accountId }: Actor, id: number): Promise<Team> {
  const team = await findTeam(queries, accountId, id)
  if (!team) throw notFound('team')
  return team
}

/** For conversations: one team, or undefined; whether a user is in a team. */
export { findTeam, isTeamMember } from './store.ts'

/** Makes a team. Throws `invalid` where the account has one of this name, in whatever case. */
export function createTeam(database: Database, actor: Actor, wanted: NewTeam): Promise<Team> {
  const { accountId } = actor
  return database.transaction(accountId, async (tx) => {
    const { name, description = null, allow_auto_assign } = wanted
    await assertFree(tx, accountId, name)
    const id = await nextId(tx, accountId, 'teams')
    const now = Date.now()
    await insertTeam(tx, {
      account_id: accountId,
      id,
      name,
      folded_name: folded(name),
      description,
      allow_auto_assign: allow_auto_assign ? 1 : 0,
      created_at: now,
      updated_at: now,
    })
    const team = await getTeam(tx, actor, id)
    await teamEvents.created(tx, accountId, team)
    return team
  })
}

/** Changes a team. Throws `not_found`, or `invalid` where another team has the name. */
export function changeTeam(
  database: Database,
  actor: Actor,
  id: number,
  { name, description, allow_auto_assign }: TeamChange,
): Promise<Team> {
  const { accountId } = actor
  return database.transaction(accountId, async (tx) => {
    const before = await getTeam(tx, actor, id)
    if (name !== undefined) await assertFree(tx, accountId, name, id)
    await updateTeam(tx, accountId, id, {
      name: name ?? before.name,
      folded_name: folded(name ?? before.name),
      description: description === undefined ? before.description : description,
      allow_auto_assign: (allow_auto_assign ?? before.allow_auto_assign) ? 1 : 0,
      updated_at: Date.now(),
    })
    const team = await getTeam(tx, actor, id)
    await teamEvents.updated(tx, accountId, before, team)
    return team
  })
}

/** Removes a team; its conversations belong to none then. Throws `not_found`. */
export function removeTeam(database: Database, actor: Actor, id: number): Promise<void> {
  return database.transaction(actor.accountId, async (tx) => {
    const team = await getTeam(tx, actor, id)
    await deleteTeam(tx, actor.accountId, id)
    await teamEvents.deleted(tx, actor.accountId, team)
  })
}

/** The members of a team. Throws `not_found`. */
export async function listMembers(queries: Queries, actor: Actor, id: number): Promise<Member[]> {
  await getTeam(queries, actor, id)
  return selectMembers(queries, actor.accountId, id)
}

/** Adds members, and gives all; who is one already stays. Throws `not_found`, or `invalid` for strangers. */
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
      throw invalid('user_ids', `names no member of this account: ${userId}`)
    }
    const before = await selectMembers(tx, accountId, id)
    await insertMembers(tx, accountId, id, [...new Set(userIds)], Date.now())
    return tellMembers(tx, accountId, team, before)
  })
}

/** Removes members, and gives those who stay; who is none is no error. Throws `not_found`. */
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
    return tellMembers(tx, accountId, team, before)
  })
}

async function tellMembers(tx: Queries, accountId: number, team: Team, before: Member[]): Promise<Member[]> {
  const members = await selectMembers(tx, accountId, team.id)
  if (members.length !== before.length) await teamEvents.updated(tx, accountId, team, team, ['members'])
  return members
}

/**
 * Who of `online` gets the next conversation of the team in an inbox: a member who works there, the one whose last turn
 * is the longest ago, and notes their turn. Undefined where there is none, or the team assigns nobody by itself.
 */
export async function takeTurn(
  tx: Queries,
  accountId: number,
  { id, allow_auto_assign }: Team,
  inboxId: number,
  online: readonly number[],
): Promise<number | undefined> {
  if (!allow_auto_assign) return undefined
  const userId = await whoseTurn(tx, { account_id: accountId, team_id: id, inbox_id: inboxId }, online)
  if (userId === undefined) return undefined
  // Two turns in one millisecond must not be the same age, or the lower id would get the next one again.
  const time = Math.max(Date.now(), (await latestTurn(tx, accountId, id)) + 1)
  await noteTurn(tx, accountId, id, userId, time)
  return userId
}

async function assertFree(tx: Queries, accountId: number, name: string, except?: number): Promise<void> {
  const id = await idByName(tx, accountId, folded(name))
  if (id !== undefined && id !== except) throw invalid('name', 'is taken by another team')
}

function folded(name: string): string {
  return name.normalize('NFKC').toLowerCase()
}
