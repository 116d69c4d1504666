import { isDeepStrictEqual } from 'node:util'
import type { Database, Queries } from '../../db/database.ts'
import { type Actor, systemOf } from '../../lib/actor.ts'
import { invalid } from '../../lib/errors.ts'
import { attributesText, mergedAttributes } from '../../lib/json.ts'
import { readAttributes } from '../custom-attributes/validation.ts'
import { findTeam } from '../teams/parts.store.ts'
import { presence } from '../teams/service.ts'
import { assigneeActivity, type NamedUser, statusActivity, teamActivity } from './activity.ts'
import { assertAssignee, assigneeAfter, botAfter, type Change, namedActor, namedUser } from './assignee.ts'
import { conversationBots } from './bots.ts'
import { type Field, fieldsOf, getConversation, lockConversation, logConversation } from './event-log.ts'
import { messaging } from './messaging.ts'
import type { Activity, Conversation, ConversationChange, StatusChange } from './schema.ts'
import { type Row, updateConversation } from './store.ts'

/** The columns that a change can set. */
type State = Pick<
  Row,
  | 'status'
  | 'snoozed_until'
  | 'priority'
  | 'assignee_id'
  | 'assignee_bot_id'
  | 'team_id'
  | 'custom_attributes'
  | 'additional_attributes'
>

/**
 * Changes the given fields of a conversation, and adds events and activity messages if anything is different. Custom
 * attributes are merged as in RFC 7396, on the first level only. Throws `not_found`, or `invalid` for an assignee who
 * does not work in the inbox, an unknown team, or a `snoozed_until` that is past or comes with another status; and
 * `assignee_changed`.
 */
export async function changeConversation(
  database: Database,
  actor: Actor,
  id: number,
  input: Change | ((before: Row) => Change),
): Promise<Conversation> {
  // Before the transaction, which must wait for nothing but its own queries.
  const online = await onlineUsers(database, actor, typeof input === 'function' ? undefined : input.team_id)
  return database.transaction(actor.accountId, async (tx) => {
    await changeInTransaction(tx, actor, id, input, online)
    return getConversation(tx, actor, id)
  })
}

/** Like `changeConversation`, in the caller's transaction. `online` are the users to whom a team may assign it. */
export async function changeInTransaction(
  tx: Queries,
  actor: Actor,
  id: number,
  input: Change | ((before: Row) => Change),
  online: readonly number[] = [],
): Promise<void> {
  const before = await lockConversation(tx, actor, id)
  const change = typeof input === 'function' ? input(before) : input
  await assertAssignee(tx, before, change)
  const { turnOf, ...after } = await stateAfter(tx, actor, before, change, online)
  await applyChange(tx, actor, before, after, await activitiesOf(tx, actor, before, after))
  if (turnOf !== undefined) await assignInTurn(tx, { ...before, ...after }, turnOf)
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

/** Replaces the custom attributes of a conversation. Throws as `changeConversation` does. */
export function setCustomAttributes(
  database: Database,
  actor: Actor,
  id: number,
  attributes: Record<string, unknown>,
): Promise<Conversation> {
  return changeConversation(database, actor, id, (before) => {
    const removed = Object.keys(JSON.parse(before.custom_attributes)).map((key) => [key, null])
    return { custom_attributes: { ...Object.fromEntries(removed), ...attributes } }
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
  activities: Activity[],
): Promise<void> {
  const fields = Object.keys(after) as (keyof State)[]
  const changed = fields.filter((field) => after[field] !== before[field])
  if (changed.length === 0) return
  const shown = await getConversation(tx, actor, before.id)
  await updateConversation(tx, before.account_id, before.id, after)
  await writeActivities(tx, actor, before.id, activities)
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

const detailFields = {
  assignee_id: 'meta.assignee',
  assignee_bot_id: 'meta.bot',
  team_id: 'meta.team',
} as const

function toField(column: keyof State): Field {
  return column in detailFields
    ? detailFields[column as keyof typeof detailFields]
    : (column as Exclude<keyof State, keyof typeof detailFields>)
}

/** Assigns a conversation to the member of its team whose turn it is. */
async function assignInTurn(tx: Queries, before: Row, assignee_id: number): Promise<void> {
  const activity = { kind: 'assigned_by_turns', assignee: (await namedUser(tx, assignee_id))!.name } as const
  const after = { assignee_id, assignee_bot_id: null }
  await applyChange(tx, systemOf(before.account_id), before, after, [activity])
}

/** Writes activity messages into a conversation. */
export async function writeActivities(
  tx: Queries,
  actor: Actor,
  id: number,
  activities: Activity[],
): Promise<void> {
  for (const activity of activities) {
    await messaging.of(tx).writeActivity(tx, actor, id, activity)
  }
}

async function stateAfter(
  tx: Queries,
  actor: Actor,
  before: Row,
  input: Change,
  online: readonly number[],
): Promise<State & { turnOf?: number | undefined }> {
  const { priority = before.priority, team_id = before.team_id } = input
  const attributes = {
    custom_attributes: mergeAttributes(before, 'custom_attributes', await readCustom(tx, before, input)),
    additional_attributes: mergeAttributes(before, 'additional_attributes', input.additional_attributes),
  }
  const status = statusAfter(before, input)
  const { assignee_id, turnOf } = await assigneeAfter(tx, actor, before, input, online)
  const assignee_bot_id = await botAfter(tx, before, input, status.status)
  const user = assignee_bot_id === null || assignee_bot_id === before.assignee_bot_id ? assignee_id : null
  return { ...status, priority, team_id, assignee_id: user, assignee_bot_id, ...attributes, turnOf }
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

function readCustom(tx: Queries, before: Row, { custom_attributes }: ConversationChange) {
  const current = JSON.parse(before.custom_attributes)
  return readAttributes(tx, before.account_id, 'conversation_attribute', custom_attributes, current)
}

function mergeAttributes(
  before: Row,
  name: 'custom_attributes' | 'additional_attributes',
  change: Record<string, unknown> | undefined,
): string {
  const current = JSON.parse(before[name])
  const after = mergedAttributes(current, change)
  // The same attributes in another order are not a change.
  return isDeepStrictEqual(after, current) ? before[name] : attributesText(name, after)
}

async function activitiesOf(tx: Queries, actor: Actor, before: Row, after: State): Promise<Activity[]> {
  const user = await namedActor(tx, actor)
  const activities: Activity[] = []
  const isSnoozedAgain = after.status === 'snoozed' && after.snoozed_until !== before.snoozed_until
  if (after.status !== before.status || isSnoozedAgain) {
    activities.push(statusActivity(user, after.status, after.snoozed_until))
  }
  if (after.team_id !== before.team_id) {
    const nameOf = async (id: number | null) =>
      id === null ? undefined : (await findTeam(tx, actor.accountId, id))?.name
    activities.push(teamActivity(user, await nameOf(before.team_id), await nameOf(after.team_id)))
  }
  if (after.assignee_id !== before.assignee_id) {
    const assignee = await namedUser(tx, after.assignee_id)
    if (assignee || after.assignee_bot_id === null)
      activities.push(assigneeActivity(user, await namedUser(tx, before.assignee_id), assignee))
  }
  if (after.assignee_bot_id !== before.assignee_bot_id && after.status === before.status)
    activities.push(...(await botActivities(tx, user, before, after)))
  return activities
}

/** The activity for a bot that was assigned, or taken off without a user in its place. */
async function botActivities(tx: Queries, user: NamedUser, before: Row, after: State): Promise<Activity[]> {
  if (after.assignee_bot_id === null && after.assignee_id !== null) return []
  const named = async (id: number | null) =>
    id === null ? null : { id, name: await conversationBots.of(tx).nameOf(tx, before.account_id, id) }
  // An id that is neither a user's nor that of a bot that acts.
  const actor = { ...user, id: -1 }
  return [assigneeActivity(actor, await named(before.assignee_bot_id), await named(after.assignee_bot_id))]
}
