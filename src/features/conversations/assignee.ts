import type { Queries } from '../../db/database.ts'
import { type Actor, actorRef } from '../../lib/actor.ts'
import { invalid, Refusal } from '../../lib/errors.ts'
import { getContact } from '../contacts/service.ts'
import { mayWorkIn } from '../inboxes/service.ts'
import { findTeam, isTeamMember } from '../teams/parts.store.ts'
import { takeTurn } from '../teams/service.ts'
import type { NamedUser } from './activity.ts'
import { conversationBots } from './bots.ts'
import type { Assignment, ConversationChange } from './schema.ts'
import { findUserName, type Row } from './store.ts'

/** A change, which can also assign a bot; null takes it off. */
export type Change = ConversationChange & { assignee_bot_id?: number | null }

/** The change that makes a user or a bot the assignee; null is nobody for both. */
export function assigneeChange(type: Assignment['assignee_type'], id: number | null): Change {
  if (id === null) return { assignee_id: null, assignee_bot_id: null }
  return type === 'AgentBot' ? { assignee_bot_id: id } : { assignee_id: id }
}

/** Returns the requested assignee and, if only the team is new, the member whose turn it is. */
export async function assigneeAfter(
  tx: Queries,
  { accountId }: Actor,
  before: Row,
  input: ConversationChange,
  online: readonly number[],
): Promise<{ assignee_id: number | null; turnOf?: number | undefined }> {
  const team = input.team_id ? await findTeam(tx, accountId, input.team_id) : undefined
  if (input.team_id && !team) throw invalid('team_id', 'names no team of this account', 'not_found')
  if (input.assignee_id !== undefined) {
    await assertMayBeAssigned(tx, accountId, before.inbox_id, input.assignee_id, before.assignee_id)
    return { assignee_id: input.assignee_id }
  }
  const { assignee_id } = before
  if (!team || team.id === before.team_id) return { assignee_id }
  if (assignee_id !== null && (await isTeamMember(tx, accountId, team.id, assignee_id))) {
    return { assignee_id }
  }
  return { assignee_id, turnOf: await takeTurn(tx, accountId, team, before.inbox_id, online) }
}

/**
 * Returns the bot after a change. A user as the assignee takes it off, and so does opening a pending conversation: that
 * hands it over to people.
 */
export async function botAfter(
  tx: Queries,
  before: Row,
  input: Change,
  status: Row['status'],
): Promise<number | null> {
  const { account_id, assignee_bot_id } = before
  const requested = input.assignee_bot_id
  if (typeof requested === 'number' && requested !== assignee_bot_id) {
    if (await conversationBots.of(tx).isActive(tx, account_id, requested)) return requested
    throw invalid('assignee_id', 'must be a bot of this account that is switched on')
  }
  if (requested !== undefined) return requested
  const isHandedOver = before.status === 'pending' && status === 'open'
  return isHandedOver || typeof input.assignee_id === 'number' ? null : assignee_bot_id
}

/** Throws `assignee_changed` if neither the expected assignee nor already the requested one has the conversation. */
export async function assertAssignee(
  tx: Queries,
  before: Row,
  { expected_assignee_id, assignee_id }: ConversationChange,
): Promise<void> {
  const current = before.assignee_id
  // A request that is repeated because its answer was lost has the assignee that it asks for.
  if (expected_assignee_id === undefined || [expected_assignee_id, assignee_id].includes(current)) return
  const assignee = await namedUser(tx, current)
  const holder = assignee ? `${assignee.name} (agent ${assignee.id})` : 'nobody'
  throw new Refusal('assignee_changed', `the conversation is assigned to ${holder}`)
}

/** Throws `invalid` if an assignee does not work in the inbox, unless they are assigned already. */
export async function assertMayBeAssigned(
  tx: Queries,
  accountId: number,
  inboxId: number,
  assigneeId: number | null,
  currentId: number | null = null,
): Promise<void> {
  if (assigneeId === null || assigneeId === currentId) return
  if (await mayWorkIn(tx, accountId, inboxId, assigneeId)) return
  throw invalid('assignee_id', 'must be a member of this inbox or an administrator')
}

/**
 * The name of who acts, for activity lines. Bots and contacts have the id 0: they are no users who could be the
 * assignee.
 */
export async function namedActor(tx: Queries, actor: Actor): Promise<NamedUser> {
  const { type, id } = actorRef(actor)
  if (type === 'bot' && id !== null)
    return { id: 0, name: await conversationBots.of(tx).nameOf(tx, actor.accountId, id) }
  if (type === 'contact' && id !== null) return { id: 0, name: (await getContact(tx, actor, id)).name }
  return (await namedUser(tx, actor.userId))!
}

/** The user with an id, as activity lines name them; null for nobody. */
export async function namedUser(tx: Queries, id: number | null): Promise<NamedUser | null> {
  if (id === null) return null
  return { id, name: (await findUserName(tx, id)) ?? null }
}
