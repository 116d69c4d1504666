import type { Database, Queries } from '../../db/database.ts'
import type { Actor } from '../../lib/actor.ts'
import { invalid, notFound, Refusal } from '../../lib/errors.ts'
import { unassignForeign } from '../conversations/service.ts'
import { createLink, endLinks, type SendLink } from '../sign-in/service.ts'
import { agentEvents } from '../users/events.ts'
import type { Agent } from '../users/schema.ts'
import {
  createMember,
  findAgent,
  joinAccount,
  listAgents as membersOf,
  rename,
  tellAccessChange,
  userByEmail,
} from '../users/service.ts'
import type { AgentChange, InvitedAgent, NewAgent } from './schema.ts'
import { deleteMember, hasOtherAdministrator, updateMember, worksElsewhere } from './store.ts'

/** All users of the account, oldest first. */
export function listAgents(queries: Queries, { accountId }: Actor): Promise<Agent[]> {
  return membersOf(queries, accountId)
}

/**
 * Makes a member of the account: a new user, or who is one of the installation already and keeps their name and
 * password. The invitation goes by `send`, or stands in the answer where there is none. Throws `invalid` where they are
 * a member.
 */
export async function inviteAgent(
  database: Database,
  actor: Actor,
  wanted: NewAgent,
  publicUrl: string,
  send: SendLink | undefined,
): Promise<InvitedAgent> {
  const { agent, url } = await database.transaction(actor.accountId, async (tx) => {
    const agent = await addAgent(tx, actor.accountId, wanted)
    const mayInvite = !agent.confirmed && !(await worksElsewhere(tx, agent.id, actor.userId))
    return { agent, url: mayInvite ? await createLink(tx, agent.id, 'invitation', publicUrl) : null }
  })
  if (url !== null) send?.(agent, 'invitation', url)
  return { ...agent, invite_url: send ? null : url }
}

async function addAgent(
  tx: Queries,
  accountId: number,
  { name, email, role, availability = 'offline' }: NewAgent,
): Promise<Agent> {
  const known = await userByEmail(tx, email)
  if (known && (await findAgent(tx, accountId, known.id))) {
    throw invalid('email', `belongs to agent ${known.id} already`)
  }
  if (known) await joinAccount(tx, accountId, known.id, role, availability)
  const user = { name, email, passwordHash: 'none', confirmed: false }
  const userId = known?.id ?? (await createMember(tx, accountId, role, user))
  if (!known) await updateMember(tx, accountId, userId, { availability })
  const agent = await getAgent(tx, accountId, userId)
  await agentEvents.created(tx, accountId, agent)
  return agent
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
      await assertOurs(tx, actor, userId, 'name')
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
 * Ends a user's membership, at once and on all nodes: what they wrote stays, their conversations are unassigned. Throws
 * `not_found`, and `conflict` for the last administrator.
 */
export function removeAgent(database: Database, actor: Actor, userId: number): Promise<void> {
  const { accountId } = actor
  return database.transaction(accountId, async (tx) => {
    const agent = await getAgent(tx, accountId, userId)
    await assertNotLast(tx, accountId, userId)
    await deleteMember(tx, accountId, userId)
    await unassignForeign(tx, accountId, userId)
    // Else an invitation that was passed on would still make a password for nobody's account.
    if (!agent.confirmed) await endLinks(tx, userId)
    await agentEvents.deleted(tx, accountId, agent)
    await tellAccessChange(tx, userId, [accountId])
  })
}

/**
 * A link with which an agent sets a password: an invitation where they have none yet. Throws `not_found`, and
 * `forbidden` where it would open another account than the administrator's.
 */
export function linkForAgent(
  database: Database,
  actor: Actor,
  userId: number,
  publicUrl: string,
): Promise<string> {
  const { accountId } = actor
  return database.transaction(accountId, async (tx) => {
    const { confirmed } = await getAgent(tx, accountId, userId)
    await assertOurs(tx, actor, userId, 'password')
    return createLink(tx, userId, confirmed ? 'password' : 'invitation', publicUrl)
  })
}

/** Who administers one account must not take over a user, and with them another account. */
async function assertOurs(tx: Queries, actor: Actor, userId: number, what: string): Promise<void> {
  if (userId === actor.userId || !(await worksElsewhere(tx, userId, actor.userId))) return
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
