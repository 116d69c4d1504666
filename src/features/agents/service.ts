import type { Database, Queries } from '../../db/database.ts'
import type { Actor } from '../../lib/actor.ts'
import { invalid, notFound, Refusal } from '../../lib/errors.ts'
import { reassign, unassignForeign } from '../conversations/service.ts'
import { createLink, endLinks, type SendLink } from '../sign-in/service.ts'
import { agentEvents } from '../users/events.ts'
import type { AccessToken, Agent } from '../users/schema.ts'
import {
  createMember,
  endTokens,
  findAgent,
  invitedUser,
  isMemberElsewhere,
  joinAccount,
  listAccountTokens,
  listAgents as membersOf,
  rename,
  revokeAccountToken,
  tellAccessChange,
  userByEmail,
} from '../users/service.ts'
import type { AgentChange, InvitedAgent, NewAgent } from './schema.ts'
import { deleteMember, hasOtherAdministrator, moveMemberships, updateMember } from './store.ts'

/** All users of the account, oldest first. */
export function listAgents(queries: Queries, { accountId }: Actor): Promise<Agent[]> {
  return membersOf(queries, accountId)
}

/**
 * Invites somebody to the account. The answer is the same whether or not a user of another account has the address: that
 * user joins only by accepting, and is unknown here until then. The invitation is sent with `send`, or returned if there
 * is none. Throws `invalid` if the address belongs to a member.
 */
export async function inviteAgent(
  database: Database,
  { accountId }: Actor,
  wanted: NewAgent,
  publicUrl: string,
  send: SendLink | undefined,
): Promise<InvitedAgent> {
  const { agent, url } = await database.transaction(accountId, async (tx) => {
    const agent = await addAgent(tx, accountId, wanted)
    const issuedIn = send ? null : accountId
    return { agent, url: await createLink(tx, agent.id, 'invitation', publicUrl, issuedIn) }
  })
  send?.(agent, 'invitation', url)
  return { ...agent, invite_url: send ? null : url }
}

async function addAgent(
  tx: Queries,
  accountId: number,
  { name, email, role, availability = 'offline' }: NewAgent,
): Promise<Agent> {
  const invited = await invitedUser(tx, accountId, email)
  for (const user of [invited, await userByEmail(tx, email)]) {
    if (!user || !(await findAgent(tx, accountId, user.id))) continue
    throw invalid('email', `belongs to agent ${user.id} already`)
  }
  // They were removed before they accepted.
  if (invited) await joinAccount(tx, accountId, invited.id, role, availability)
  if (invited) await rename(tx, invited.id, name)
  const userId = invited?.id ?? (await createMember(tx, accountId, role, { name, email, passwordHash: null }))
  if (!invited) await updateMember(tx, accountId, userId, { availability })
  const agent = await getAgent(tx, accountId, userId)
  await agentEvents.created(tx, accountId, agent)
  return agent
}

/** Replaces an invited user by another user, in the same inboxes and teams and with the same conversations. */
export async function moveMember(
  tx: Queries,
  accountId: number,
  invitedId: number,
  userId: number,
): Promise<void> {
  const invited = await getAgent(tx, accountId, invitedId)
  await joinAccount(tx, accountId, userId, invited.role, invited.availability)
  await moveMemberships(tx, accountId, invitedId, userId)
  await agentEvents.created(tx, accountId, await getAgent(tx, accountId, userId))
  await reassign(tx, accountId, invitedId, userId)
  await deleteMember(tx, accountId, invitedId)
  await agentEvents.deleted(tx, accountId, invited)
}

/**
 * Changes what is named. Throws `not_found`; `conflict` where it would leave the account without an administrator;
 * `forbidden` for the name of a user who works in another account too.
 */
export function changeAgent(
  database: Database,
  actor: Actor,
  userId: number,
  { name, role, availability }: AgentChange,
): Promise<Agent> {
  const { accountId } = actor
  return database.transaction(accountId, async (tx) => {
    const before = await getAgent(tx, accountId, userId)
    if (name !== undefined && name !== before.name) {
      if (userId !== actor.userId) await assertOurs(tx, actor, userId, 'name')
      await rename(tx, userId, name)
    }
    const named = await getAgent(tx, accountId, userId)
    if (role === 'agent' && before.role !== role) await assertNotLast(tx, accountId, userId)
    await updateMember(tx, accountId, userId, {
      role: role ?? before.role,
      availability: availability ?? before.availability,
    })
    const agent = await getAgent(tx, accountId, userId)
    await agentEvents.updated(tx, accountId, named, agent)
    if (agent.role !== before.role) {
      await unassignForeign(tx, accountId, userId)
      await tellAccessChange(tx, userId, [accountId])
    }
    return agent
  })
}

/**
 * Ends a user's membership with its access tokens, at once and on all nodes: what they wrote stays, their conversations
 * are unassigned. Throws `not_found`, and `conflict` for the last administrator.
 */
export function removeAgent(database: Database, actor: Actor, userId: number): Promise<void> {
  const { accountId } = actor
  return database.transaction(accountId, async (tx) => {
    const agent = await getAgent(tx, accountId, userId)
    await assertNotLast(tx, accountId, userId)
    await endTokens(tx, userId, [accountId])
    await deleteMember(tx, accountId, userId)
    await unassignForeign(tx, accountId, userId)
    // Else an invitation that was passed on would still make a password for nobody's account.
    if (!agent.confirmed) await endLinks(tx, userId)
    await agentEvents.deleted(tx, accountId, agent)
    await tellAccessChange(tx, userId, [accountId])
  })
}

/**
 * A link with which an agent sets a password; an invitation if they have not accepted theirs. That one goes by `send`, and
 * null is returned, if there is a mail server: only the owner of the address may have it. Throws `not_found`, and
 * `forbidden` if it would open another account, too.
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
    await assertOurs(tx, actor, userId, 'password')
    const purpose = agent.confirmed ? 'password' : 'invitation'
    const issuedIn = send && !agent.confirmed ? null : accountId
    return { agent, url: await createLink(tx, userId, purpose, publicUrl, issuedIn) }
  })
  if (agent.confirmed || !send) return url
  send(agent, 'invitation', url)
  return null
}

/** The access tokens of all members of the account, oldest first, without their secrets. */
export function listTokens(queries: Queries, { accountId }: Actor): Promise<AccessToken[]> {
  return listAccountTokens(queries, accountId)
}

/** Ends an access token of a member for this account, at once and on all nodes. Throws `not_found`. */
export function revokeToken(database: Database, { accountId }: Actor, id: number): Promise<void> {
  return revokeAccountToken(database, accountId, id)
}

/** Who administers one account must not take over a user, and with them another account. */
async function assertOurs(tx: Queries, { accountId }: Actor, userId: number, what: string): Promise<void> {
  if (!(await isMemberElsewhere(tx, userId, accountId))) return
  const sentence = `this user works in another account too: only they themselves may change their ${what}`
  throw new Refusal('forbidden', sentence)
}

async function assertNotLast(tx: Queries, accountId: number, userId: number): Promise<void> {
  if (await hasOtherAdministrator(tx, accountId, userId)) return
  throw new Refusal('conflict', 'the account needs an administrator: make somebody else one first')
}

async function getAgent(queries: Queries, accountId: number, userId: number): Promise<Agent> {
  const agent = await findAgent(queries, accountId, userId)
  if (!agent) throw notFound('agent')
  return agent
}
