import type { Database, Queries } from '../../db/database.ts'
import { type Actor, onBehalfOf } from '../../lib/actor.ts'
import { invalid, notFound, Refusal } from '../../lib/errors.ts'
import { reassign, unassignForeign, unassignMost } from '../conversations/event-log.ts'
import { joinInboxes } from '../inboxes/members.ts'
import { leaveMost } from '../participants/service.ts'
import type { SendLink } from '../sign-in/mails.ts'
import { createLink, endLinks } from '../sign-in/service.ts'
import { joinTeams } from '../teams/service.ts'
import { logAccessChanges } from '../users/access.ts'
import { availabilityChanges } from '../users/availability.ts'
import { agentEvents } from '../users/events.ts'
import { isMemberElsewhere } from '../users/parts.store.ts'
import type { AccessToken, Agent } from '../users/schema.ts'
import {
  createMember,
  findAgent,
  invitedUser,
  joinAccount,
  listAgents as membersOf,
  rename,
  userByEmail,
} from '../users/service.ts'
import { endTokens, listAccountTokens, revokeAccountToken } from '../users/tokens.ts'
import type { AgentChange, InvitedAgent, NewAgent } from './schema.ts'
import { deleteMember, hasOtherAdministrator, moveMemberships, updateMember } from './store.ts'

/** Lists all users of the account, oldest first. */
export function listAgents(queries: Queries, { accountId }: Actor): Promise<Agent[]> {
  return membersOf(queries, accountId)
}

/**
 * Invites a person to the account, and makes them a member of the given inboxes and teams. The result does not reveal whether a user of another account has the address: that user
 * joins only by accepting. The link is mailed with `send`, or returned if there is no mail server. Throws `invalid` if the
 * address belongs to a member, or for an unknown inbox or team.
 */
export async function inviteAgent(
  database: Database,
  actor: Actor,
  invitation: NewAgent,
  publicUrl: string,
  send: SendLink | undefined,
): Promise<InvitedAgent> {
  const { accountId } = actor
  const { agent, url } = await database.transaction(accountId, async (tx) => {
    const agent = await addAgent(tx, actor, invitation)
    const issuedIn = send ? null : accountId
    return { agent, url: await createLink(tx, agent.id, 'invitation', publicUrl, issuedIn) }
  })
  send?.(agent, 'invitation', url)
  return { ...agent, invite_url: send ? null : url }
}

async function addAgent(
  tx: Queries,
  actor: Actor,
  { name, email, role, availability = 'online', inbox_ids = [], team_ids = [] }: NewAgent,
): Promise<Agent> {
  const { accountId } = actor
  const invited = await invitedUser(tx, accountId, email)
  for (const user of [invited, await userByEmail(tx, email)]) {
    if (!user || !(await findAgent(tx, accountId, user.id))) continue
    throw invalid('email', `already belongs to agent ${user.id}`, 'taken')
  }
  // An invited user without membership was removed before accepting.
  if (invited) await joinAccount(tx, accountId, invited.id, role, availability)
  if (invited) await rename(tx, invited.id, name, actor.userId)
  const user = { name, email, passwordHash: null }
  const userId = invited?.id ?? (await createMember(tx, accountId, role, user, availability))
  const agent = await getAgent(tx, accountId, userId)
  await agentEvents.created(tx, actor, agent)
  await joinInboxes(tx, actor, userId, inbox_ids)
  await joinTeams(tx, actor, userId, team_ids)
  return agent
}

/** Replaces an invited user with another user in the account: in its inboxes and teams, and as assignee. */
export async function moveMember(
  tx: Queries,
  accountId: number,
  invitedId: number,
  userId: number,
): Promise<void> {
  const actor = onBehalfOf(accountId, { type: 'user', id: userId })
  const invited = await getAgent(tx, accountId, invitedId)
  await joinAccount(tx, accountId, userId, invited.role, invited.availability)
  await moveMemberships(tx, accountId, invitedId, userId)
  await agentEvents.created(tx, actor, await getAgent(tx, accountId, userId))
  await reassign(tx, accountId, invitedId, userId)
  await deleteMember(tx, accountId, invitedId)
  await agentEvents.deleted(tx, actor, invited)
}

/**
 * Changes the given fields. Throws `not_found`, `last_administrator` if the account would have no administrator left, and
 * `forbidden` for the name of a user who is also a member of another account.
 */
export async function changeAgent(
  database: Database,
  actor: Actor,
  userId: number,
  { name, role, availability }: AgentChange,
): Promise<Agent> {
  const { accountId } = actor
  const { role: previous } = await assertMayChange(database.read, actor, userId, { name, role })
  if (role === 'agent' && previous !== role)
    await unassignMost(database, accountId, userId, 'inboxes of others')
  const changed = await database.transaction(accountId, async (tx) => {
    const before = await assertMayChange(tx, actor, userId, { name, role })
    if (name !== undefined && name !== before.name) await rename(tx, userId, name, actor.userId)
    const renamed = await getAgent(tx, accountId, userId)
    await updateMember(tx, accountId, userId, {
      role: role ?? before.role,
      availability: availability ?? before.availability,
    })
    const agent = await getAgent(tx, accountId, userId)
    await agentEvents.updated(tx, actor, renamed, agent)
    if (agent.role !== before.role) {
      await unassignForeign(tx, accountId, userId)
      await logAccessChanges(tx, userId, [accountId])
    }
    return agent
  })
  if (availability !== undefined) availabilityChanges.of(database).announce(accountId, userId)
  return changed
}

/** Returns the agent before the change. Throws as `changeAgent` does. */
async function assertMayChange(
  queries: Queries,
  actor: Actor,
  userId: number,
  { name, role }: Pick<AgentChange, 'name' | 'role'>,
): Promise<Agent> {
  const before = await getAgent(queries, actor.accountId, userId)
  if (name !== undefined && name !== before.name && userId !== actor.userId)
    await assertNotMemberElsewhere(queries, actor, userId, 'name')
  if (role === 'agent' && before.role !== role) await assertNotLast(queries, actor.accountId, userId)
  return before
}

/**
 * Ends a user's membership and its access tokens, immediately and on all nodes. Their messages stay, and their
 * conversations are unassigned. Throws `not_found`, and `last_administrator`.
 */
export async function removeAgent(database: Database, actor: Actor, userId: number): Promise<void> {
  const { accountId } = actor
  await getAgent(database.read, accountId, userId)
  await assertNotLast(database.read, accountId, userId)
  await unassignMost(database, accountId, userId, 'all inboxes')
  await leaveMost(database, accountId, userId)
  await database.transaction(accountId, async (tx) => {
    const agent = await getAgent(tx, accountId, userId)
    await assertNotLast(tx, accountId, userId)
    await endTokens(tx, userId, [accountId])
    await deleteMember(tx, accountId, userId)
    await unassignForeign(tx, accountId, userId)
    // Otherwise an invitation that was passed on could still set a password.
    if (!agent.confirmed) await endLinks(tx, userId)
    await agentEvents.deleted(tx, actor, agent)
    await logAccessChanges(tx, userId, [accountId])
  })
}

/**
 * Creates a link with which an agent can set a password; an invitation if they have not accepted theirs. An invitation is
 * mailed if there is a mail server, and null is returned: only the owner of the address may get it. Throws `not_found`,
 * and `forbidden` if the link would also give access to another account.
 */
export async function linkForAgent(
  database: Database,
  actor: Actor,
  userId: number,
  publicUrl: string,
  send: SendLink | undefined,
): Promise<string | null> {
  const { accountId } = actor
  const { agent, url } = await database.transaction(accountId, async (tx) => {
    const agent = await getAgent(tx, accountId, userId)
    await assertNotMemberElsewhere(tx, actor, userId, 'password')
    const purpose = agent.confirmed ? 'password' : 'invitation'
    const issuedIn = send && !agent.confirmed ? null : accountId
    return { agent, url: await createLink(tx, userId, purpose, publicUrl, issuedIn) }
  })
  if (agent.confirmed || !send) return url
  send(agent, 'invitation', url)
  return null
}

/** Lists the access tokens of all members of the account, oldest first, without their secrets. */
export function listTokens(queries: Queries, { accountId }: Actor): Promise<AccessToken[]> {
  return listAccountTokens(queries, accountId)
}

/** Revokes an access token of a member for this account, immediately and on all nodes. Throws `not_found`. */
export function revokeToken(database: Database, { accountId }: Actor, id: number): Promise<void> {
  return revokeAccountToken(database, accountId, id)
}

/** An administrator of one account must not be able to take over a user and so get access to another account. */
async function assertNotMemberElsewhere(
  tx: Queries,
  { accountId }: Actor,
  userId: number,
  field: string,
): Promise<void> {
  if (!(await isMemberElsewhere(tx, userId, accountId))) return
  const sentence = `this user is also a member of another account: only they can change their ${field}`
  throw new Refusal('forbidden', sentence)
}

async function assertNotLast(tx: Queries, accountId: number, userId: number): Promise<void> {
  if (await hasOtherAdministrator(tx, accountId, userId)) return
  throw new Refusal(
    'last_administrator',
    'the account needs an administrator: make another user an administrator first',
  )
}

async function getAgent(queries: Queries, accountId: number, userId: number): Promise<Agent> {
  const agent = await findAgent(queries, accountId, userId)
  if (!agent) throw notFound('agent')
  return agent
}
