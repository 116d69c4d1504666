import { isDeepStrictEqual } from 'node:util'
import type { Database, Queries } from '../../db/database.ts'
import type { Actor } from '../../lib/actor.ts'
import { invalid, notFound } from '../../lib/errors.ts'
import { attributesText } from '../../lib/json.ts'
import { mayWorkIn } from '../inboxes/service.ts'
import { labelIds } from '../labels/service.ts'
import { findTeam, isTeamMember, presence, takeTurn } from '../teams/service.ts'
import { type Named, ofAssignee, ofLabels, ofStatus, ofTeam, ofTurn } from './activity.ts'
import { type Field, getConversation, logConversation, messaging } from './record.ts'
import type { Conversation, ConversationChange, StatusChange } from './schema.ts'
import { findUserName, lockRow, type Row, updateConversation, updateLabels } from './store.ts'

/** The columns that a change may change. */
type State = Pick<
  Row,
  'status' | 'snoozed_until' | 'priority' | 'assignee_id' | 'team_id' | 'custom_attributes'
>

/**
 * Changes what is named of a conversation, with its events and activity lines; nothing of that where nothing changes.
 * Custom attributes are merged as RFC 7396 does on the first level. Throws `not_found`, or `invalid` for an assignee who
 * does not work in the inbox, an unknown team, or a time to wake up that is past or has nothing to wake.
 */
export async function changeConversation(
  database: Database,
  actor: Actor,
  id: number,
  wanted: ConversationChange | ((before: Row) => ConversationChange),
): Promise<Conversation> {
  // Before the transaction: it must wait for nothing but its own queries.
  const online = await onlineUsers(actor, typeof wanted === 'function' ? undefined : wanted.team_id)
  return database.transaction(actor.accountId, async (tx) => {
    const before = await lockRow(tx, actor, id)
    if (!before) throw notFound('conversation')
    const change = typeof wanted === 'function' ? wanted(before) : wanted
    const { byTurn, ...after } = await changedBy(tx, actor, before, change, online)
    await applyChange(tx, actor, before, after, await linesOf(tx, actor, before, { ...after, byTurn }))
    return getConversation(tx, actor, id)
  })
}

/** Sets the status; without one an open conversation is resolved, and any other opened. Throws as `changeConversation`. */
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

/** Gives the conversation these labels and no others. Throws `not_found`, or `invalid` for titles without a label. */
export function setLabels(
  database: Database,
  actor: Actor,
  id: number,
  titles: string[],
): Promise<Conversation> {
  const { accountId } = actor
  return database.transaction(accountId, async (tx) => {
    if (!(await lockRow(tx, actor, id))) throw notFound('conversation')
    const before = await getConversation(tx, actor, id)
    const ids = await labelIds(tx, accountId, [...new Set([...titles, ...before.labels])])
    const added = [...ids.keys()].filter((title) => !before.labels.includes(title))
    const removed = before.labels.filter((title) => !titles.includes(title))
    if (added.length + removed.length === 0) return before
    const idsOf = (some: string[]) => some.map((title) => ids.get(title)!)
    const key = { account_id: accountId, conversation_id: id }
    await updateLabels(tx, key, idsOf(added), idsOf(removed))
    await updateConversation(tx, accountId, id, {})
    const { name } = await actorNamed(tx, actor)
    await write(tx, accountId, id, ofLabels(name, added.sort(), removed))
    await logConversation(tx, actor, id, 'conversation_updated', ['labels'])
    return getConversation(tx, actor, id)
  })
}

/** Who of the account is online, asked only where a team may assign somebody. */
export async function onlineUsers(
  { accountId }: Actor,
  teamId: number | null | undefined,
): Promise<readonly number[]> {
  return teamId ? presence.get().onlineUsers(accountId) : []
}

/** Stores a change with its activity lines and its events; nothing where nothing has changed. */
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
  await updateConversation(tx, before.account_id, before.id, after)
  await write(tx, before.account_id, before.id, lines)
  // Last, so that the events show the conversation as it is left.
  const isOfStatus = (field: keyof State) => field === 'status' || field === 'snoozed_until'
  const ofStatus = changed.filter(isOfStatus)
  const others = changed.filter((field) => !isOfStatus(field))
  const log = async (
    event: 'conversation_status_changed' | 'conversation_updated',
    some: (keyof State)[],
  ) => {
    if (some.length > 0) await logConversation(tx, actor, before.id, event, some.map(shownAs))
  }
  await log('conversation_status_changed', ofStatus)
  await log('conversation_updated', others)
}

function shownAs(column: keyof State): Field {
  return column === 'assignee_id' ? 'meta.assignee' : column === 'team_id' ? 'meta.team' : column
}

async function write(tx: Queries, accountId: number, id: number, lines: string[]): Promise<void> {
  for (const line of lines) await messaging.get().writeActivity(tx, accountId, id, line)
}

async function changedBy(
  tx: Queries,
  actor: Actor,
  before: Row,
  wanted: ConversationChange,
  online: readonly number[],
): Promise<State & { byTurn: boolean }> {
  const { priority = before.priority, team_id = before.team_id } = wanted
  const custom_attributes = mergedAttributes(before, wanted)
  const { assignee_id, byTurn } = await assigneeOf(tx, actor, before, wanted, online)
  return { ...statusOf(before, wanted), priority, team_id, assignee_id, custom_attributes, byTurn }
}

function statusOf(before: Row, wanted: ConversationChange): Pick<State, 'status' | 'snoozed_until'> {
  const { status = before.status, snoozed_until } = wanted
  if (status !== 'snoozed') {
    if (snoozed_until) throw invalid('snoozed_until', 'needs the status "snoozed"')
    return { status, snoozed_until: null }
  }
  // As it was, where only other fields are named.
  if (wanted.status === undefined && snoozed_until === undefined) {
    return { status, snoozed_until: before.snoozed_until }
  }
  if (snoozed_until && snoozed_until * 1000 <= Date.now()) {
    throw invalid('snoozed_until', 'must be in the future')
  }
  return { status, snoozed_until: snoozed_until ? snoozed_until * 1000 : null }
}

function mergedAttributes(before: Row, { custom_attributes }: ConversationChange): string {
  const present = JSON.parse(before.custom_attributes)
  const merged = Object.entries({ ...present, ...custom_attributes })
  const after = Object.fromEntries(merged.filter(([, value]) => value !== null))
  // The same in another order is no change.
  if (isDeepStrictEqual(after, present)) return before.custom_attributes
  return attributesText('custom_attributes', after)
}

/** The assignee that is asked for; else, where the team is new, the member whose turn it is. */
async function assigneeOf(
  tx: Queries,
  { accountId }: Actor,
  before: Row,
  wanted: ConversationChange,
  online: readonly number[],
): Promise<{ assignee_id: number | null; byTurn: boolean }> {
  const team = wanted.team_id ? await findTeam(tx, accountId, wanted.team_id) : undefined
  if (wanted.team_id && !team) throw invalid('team_id', 'names no team of this account')
  if (wanted.assignee_id !== undefined) {
    await assertMayBeAssigned(tx, accountId, before.inbox_id, wanted.assignee_id, before.assignee_id)
    return { assignee_id: wanted.assignee_id, byTurn: false }
  }
  const { assignee_id } = before
  if (!team || team.id === before.team_id) return { assignee_id, byTurn: false }
  if (assignee_id !== null && (await isTeamMember(tx, accountId, team.id, assignee_id))) {
    return { assignee_id, byTurn: false }
  }
  const next = await takeTurn(tx, accountId, team, before.inbox_id, online)
  return { assignee_id: next ?? assignee_id, byTurn: next !== undefined }
}

/** Throws `invalid` where an assignee does not work in the inbox; who is it already stays. */
export async function assertMayBeAssigned(
  tx: Queries,
  accountId: number,
  inboxId: number,
  assigneeId: number | null,
  present: number | null = null,
): Promise<void> {
  if (assigneeId === null || assigneeId === present) return
  if (await mayWorkIn(tx, accountId, inboxId, assigneeId)) return
  throw invalid('assignee_id', 'names nobody who works in this inbox')
}

async function linesOf(
  tx: Queries,
  actor: Actor,
  before: Row,
  after: State & { byTurn: boolean },
): Promise<string[]> {
  const who = await actorNamed(tx, actor)
  const lines: string[] = []
  const isSnoozedAnew = after.status === 'snoozed' && after.snoozed_until !== before.snoozed_until
  if (after.status !== before.status || isSnoozedAnew) {
    lines.push(ofStatus(who.name, after.status, after.snoozed_until))
  }
  if (after.team_id !== before.team_id) {
    const nameOf = async (id: number | null) =>
      id === null ? undefined : (await findTeam(tx, actor.accountId, id))?.name
    lines.push(ofTeam(who.name, await nameOf(before.team_id), await nameOf(after.team_id)))
  }
  if (after.assignee_id !== before.assignee_id) {
    const assignee = await userNamed(tx, after.assignee_id)
    const byHand = ofAssignee(who, await userNamed(tx, before.assignee_id), assignee)
    lines.push(after.byTurn ? ofTurn(assignee!.name) : byHand)
  }
  return lines
}

async function actorNamed(tx: Queries, { userId }: Actor): Promise<Named> {
  return (await userNamed(tx, userId))!
}

async function userNamed(tx: Queries, id: number | null): Promise<Named | null> {
  if (id === null) return null
  return { id, name: (await findUserName(tx, id)) ?? 'The system' }
}
