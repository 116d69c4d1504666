import { isDeepStrictEqual } from 'node:util'
import type { Database, Queries } from '../../db/database.ts'
import { type Actor, systemOf } from '../../lib/actor.ts'
import { invalid } from '../../lib/errors.ts'
import { attributesText } from '../../lib/json.ts'
import { mayWorkIn } from '../inboxes/service.ts'
import { labelIds } from '../labels/service.ts'
import { findTeam, isTeamMember } from '../teams/parts.store.ts'
import { presence, takeTurn } from '../teams/service.ts'
import {
  assigneeLine,
  autoAssignmentLine,
  labelLines,
  type NamedUser,
  statusLine,
  teamLine,
} from './activity.ts'
import { type Field, fieldsOf, getConversation, lockConversation, logConversation } from './event-log.ts'
import { messaging } from './messaging.ts'
import type { Conversation, ConversationChange, StatusChange } from './schema.ts'
import { findUserName, type Row, updateConversation, updateLabels } from './store.ts'

/** The columns that a change can set. */
type State = Pick<
  Row,
  'status' | 'snoozed_until' | 'priority' | 'assignee_id' | 'team_id' | 'custom_attributes'
>

/**
 * Changes the given fields of a conversation, and adds events and activity messages if anything is different. Custom
 * attributes are merged as in RFC 7396, on the first level only. Throws `not_found`, or `invalid` for an assignee who
 * does not work in the inbox, an unknown team, or a `snoozed_until` that is past or comes with another status.
 */
export async function changeConversation(
  database: Database,
  actor: Actor,
  id: number,
  input: ConversationChange | ((before: Row) => ConversationChange),
): Promise<Conversation> {
  // Before the transaction, which must wait for nothing but its own queries.
  const online = await onlineUsers(database, actor, typeof input === 'function' ? undefined : input.team_id)
  return database.transaction(actor.accountId, async (tx) => {
    const before = await lockConversation(tx, actor, id)
    const change = typeof input === 'function' ? input(before) : input
    const { turnOf, ...after } = await stateAfter(tx, actor, before, change, online)
    await applyChange(tx, actor, before, after, await activityLines(tx, actor, before, after))
    if (turnOf !== undefined) await assignInTurn(tx, { ...before, ...after }, turnOf)
    return getConversation(tx, actor, id)
  })
}

/**
 * Sets the status. Without one, an open conversation is resolved and any other is opened. Throws as
 * `changeConversation` does.
 */
export function toggleStatus(
  database: Database,
  actor: Actor,
  id: number,
  { status, snoozed_until }: StatusChange,
): Promise<Conversation> {
  return changeConversation(database, actor, id, (before) => ({
    status: status ?? (before.status === 'open' ? 'resolved' : 'open'),
    ...(snoozed_until === undefined ? {} : { snoozed_until }),
  }))
}

/** Replaces the labels of a conversation. Throws `not_found`, or `invalid` for titles of no label. */
export function setLabels(
  database: Database,
  actor: Actor,
  id: number,
  titles: string[],
): Promise<Conversation> {
  const { accountId } = actor
  return database.transaction(accountId, async (tx) => {
    await lockConversation(tx, actor, id)
    const before = await getConversation(tx, actor, id)
    const ids = await labelIds(tx, accountId, [...new Set([...titles, ...before.labels])])
    const added = [...ids.keys()].filter((title) => !before.labels.includes(title))
    const removed = before.labels.filter((title) => !titles.includes(title))
    if (added.length + removed.length === 0) return before
    const toIds = (titles: string[]) => titles.map((title) => ids.get(title)!)
    const key = { account_id: accountId, conversation_id: id }
    await updateLabels(tx, key, toIds(added), toIds(removed))
    await updateConversation(tx, accountId, id, {})
    const { name } = await namedActor(tx, actor)
    await writeLines(tx, actor, id, labelLines(name, added.sort(), removed))
    await logConversation(tx, actor, id, 'conversation_updated', fieldsOf(before, ['labels']))
    return getConversation(tx, actor, id)
  })
}

/**
 * Returns the ids of the account's users who are online; none without a team, because only teams assign by
 * themselves.
 */
export async function onlineUsers(
  database: Database,
  { accountId }: Actor,
  teamId: number | null | undefined,
): Promise<readonly number[]> {
  return teamId ? presence.of(database).onlineUsers(accountId) : []
}

/** Stores a change with its activity messages and events. Does nothing if nothing is different. */
export async function applyChange(
  tx: Queries,
  actor: Actor,
  before: Row,
  after: Partial<State>,
  lines: string[],
): Promise<void> {
  const fields = Object.keys(after) as (keyof State)[]
  const changed = fields.filter((field) => after[field] !== before[field])
  if (changed.length === 0) return
  const shown = await getConversation(tx, actor, before.id)
  await updateConversation(tx, before.account_id, before.id, after)
  await writeLines(tx, actor, before.id, lines)
  // Last, so that the events contain the final state of the conversation.
  const belongsToStatus = (field: keyof State) => field === 'status' || field === 'snoozed_until'
  const log = async (
    event: 'conversation_status_changed' | 'conversation_updated',
    columns: (keyof State)[],
  ) => {
    if (columns.length === 0) return
    await logConversation(tx, actor, before.id, event, fieldsOf(shown, columns.map(toField)))
  }
  await log('conversation_status_changed', changed.filter(belongsToStatus))
  await log(
    'conversation_updated',
    changed.filter((field) => !belongsToStatus(field)),
  )
}

function toField(column: keyof State): Field {
  return column === 'assignee_id' ? 'meta.assignee' : column === 'team_id' ? 'meta.team' : column
}

/** Assigns a conversation to the member of its team whose turn it is. */
async function assignInTurn(tx: Queries, before: Row, assignee_id: number): Promise<void> {
  const { name } = (await namedUser(tx, assignee_id))!
  await applyChange(tx, systemOf(before.account_id), before, { assignee_id }, [autoAssignmentLine(name)])
}

async function writeLines(tx: Queries, actor: Actor, id: number, lines: string[]): Promise<void> {
  for (const line of lines) await messaging.of(tx).writeActivity(tx, actor, id, line)
}

async function stateAfter(
  tx: Queries,
  actor: Actor,
  before: Row,
  input: ConversationChange,
  online: readonly number[],
): Promise<State & { turnOf?: number | undefined }> {
  const { priority = before.priority, team_id = before.team_id } = input
  const custom_attributes = mergeAttributes(before, input)
  const { assignee_id, turnOf } = await assigneeAfter(tx, actor, before, input, online)
  return { ...statusAfter(before, input), priority, team_id, assignee_id, custom_attributes, turnOf }
}

function statusAfter(before: Row, input: ConversationChange): Pick<State, 'status' | 'snoozed_until'> {
  const { status = before.status, snoozed_until } = input
  if (status !== 'snoozed') {
    if (snoozed_until) throw invalid('snoozed_until', 'needs the status "snoozed"')
    return { status, snoozed_until: null }
  }
  // Only other fields change.
  if (input.status === undefined && snoozed_until === undefined) {
    return { status, snoozed_until: before.snoozed_until }
  }
  if (snoozed_until && snoozed_until * 1000 <= Date.now()) {
    throw invalid('snoozed_until', 'must be in the future', 'in_the_past')
  }
  return { status, snoozed_until: snoozed_until ? snoozed_until * 1000 : null }
}

function mergeAttributes(before: Row, { custom_attributes }: ConversationChange): string {
  const current = JSON.parse(before.custom_attributes)
  const merged = Object.entries({ ...current, ...custom_attributes })
  const after = Object.fromEntries(merged.filter(([, value]) => value !== null))
  // The same attributes in another order are not a change.
  if (isDeepStrictEqual(after, current)) return before.custom_attributes
  return attributesText('custom_attributes', after)
}

/** Returns the requested assignee and, if only the team is new, the member whose turn it is. */
async function assigneeAfter(
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

async function activityLines(tx: Queries, actor: Actor, before: Row, after: State): Promise<string[]> {
  const user = await namedActor(tx, actor)
  const lines: string[] = []
  const isSnoozedAgain = after.status === 'snoozed' && after.snoozed_until !== before.snoozed_until
  if (after.status !== before.status || isSnoozedAgain) {
    lines.push(statusLine(user.name, after.status, after.snoozed_until))
  }
  if (after.team_id !== before.team_id) {
    const nameOf = async (id: number | null) =>
      id === null ? undefined : (await findTeam(tx, actor.accountId, id))?.name
    lines.push(teamLine(user.name, await nameOf(before.team_id), await nameOf(after.team_id)))
  }
  if (after.assignee_id !== before.assignee_id) {
    const assignee = await namedUser(tx, after.assignee_id)
    lines.push(assigneeLine(user, await namedUser(tx, before.assignee_id), assignee))
  }
  return lines
}

async function namedActor(tx: Queries, { userId }: Actor): Promise<NamedUser> {
  return (await namedUser(tx, userId))!
}

async function namedUser(tx: Queries, id: number | null): Promise<NamedUser | null> {
  if (id === null) return null
  return { id, name: (await findUserName(tx, id)) ?? 'The system' }
}
