import type { Queries } from '../../db/database.ts'
import type { Actor } from '../../lib/actor.ts'
import { Refusal } from '../../lib/errors.ts'
import { applyContactChange, getContact } from '../contacts/service.ts'
import { conversationBots } from '../conversations/bots.ts'
import { changeInTransaction } from '../conversations/change.ts'
import { getConversation, lockConversation } from '../conversations/event-log.ts'
import { labelInTransaction } from '../conversations/labelling.ts'
import { eraseInTransaction } from '../messages/change.ts'
import type { Action } from './schema.ts'
import { runActions } from './service.ts'
import { lastMessageId } from './store.ts'

/** What actions can change. */
export interface Snapshot {
  status: 'open' | 'resolved' | 'pending' | 'snoozed'
  snoozed_until: number | null
  priority: 'urgent' | 'high' | 'medium' | 'low' | null
  assignee_id: number | null
  /** Missing in what was stored before bots were assigned. */
  assignee_bot_id?: number | null
  team_id: number | null
  custom_attributes: Record<string, unknown>
  labels: string[]
  blocked: boolean
  last_message_id: number
}

/** What actions have done to a conversation. */
export interface Effect {
  before: Snapshot
  after: Snapshot
  /** The ids of the messages that were sent. */
  sent: number[]
}

/** Runs actions on a conversation, as `runActions` does, and returns what they have done, so that it can be undone. */
export async function runUndoably(
  tx: Queries,
  actor: Actor,
  conversationId: number,
  actions: readonly Action[],
  online: readonly number[],
): Promise<Effect> {
  await lockConversation(tx, actor, conversationId)
  const before = await snapshotOf(tx, actor, conversationId)
  const sent = await runActions({ tx, actor, conversationId, online }, actions)
  return { before, after: await snapshotOf(tx, actor, conversationId), sent }
}

/**
 * Undoes actions: the conversation and its contact are as before, and the messages that were sent are erased. The caller
 * then calls `wipeErased`. Throws `stale` if something has changed since.
 */
export async function undoActions(
  tx: Queries,
  actor: Actor,
  conversationId: number,
  { before, after, sent }: Effect,
): Promise<void> {
  await lockConversation(tx, actor, conversationId)
  if (!isSame(after, await snapshotOf(tx, actor, conversationId)))
    throw new Refusal('stale', 'the conversation has changed since')
  await restore(tx, actor, conversationId, before, after)
  for (const messageId of sent) await eraseInTransaction(tx, actor, conversationId, messageId)
}

function isSame(after: Snapshot, now: Snapshot): boolean {
  const names = Object.keys(after) as (keyof Snapshot)[]
  return names.every((name) => JSON.stringify(after[name]) === JSON.stringify(now[name]))
}

async function restore(tx: Queries, actor: Actor, id: number, before: Snapshot, after: Snapshot) {
  const { status, snoozed_until, priority, assignee_id, team_id } = before
  const gone = Object.keys(after.custom_attributes).map((name) => [name, null])
  const custom_attributes = { ...Object.fromEntries(gone), ...before.custom_attributes }
  const isOver = snoozed_until !== null && snoozed_until * 1000 <= Date.now()
  const state = status === 'snoozed' && isOver ? { status: 'open' as const } : { status, snoozed_until }
  const bot = await returningBot(tx, actor, before, after)
  const fields = { ...state, priority, assignee_id, team_id, custom_attributes, ...bot }
  await changeInTransaction(tx, actor, id, fields)
  await labelInTransaction(tx, actor, id, () => before.labels)
  if (before.blocked === after.blocked) return
  const { contact } = await getConversation(tx, actor, id)
  await applyContactChange(tx, actor, contact.id, { blocked: before.blocked })
}

/** The bot that the actions took off, unless it was switched off or deleted since. */
async function returningBot(tx: Queries, { accountId }: Actor, before: Snapshot, after: Snapshot) {
  const { assignee_bot_id } = before
  if (typeof assignee_bot_id !== 'number' || assignee_bot_id === after.assignee_bot_id) return {}
  return (await conversationBots.of(tx).isActive(tx, accountId, assignee_bot_id)) ? { assignee_bot_id } : {}
}

async function snapshotOf(tx: Queries, actor: Actor, id: number): Promise<Snapshot> {
  const conversation = await getConversation(tx, actor, id)
  const { status, snoozed_until, priority, meta, custom_attributes, labels, contact } = conversation
  return {
    ...{ status, snoozed_until, priority, custom_attributes },
    assignee_id: meta.assignee?.id ?? null,
    assignee_bot_id: meta.bot?.id ?? null,
    team_id: meta.team?.id ?? null,
    labels: [...labels].sort(),
    blocked: (await getContact(tx, actor, contact.id)).blocked,
    last_message_id: await lastMessageId(tx, actor.accountId, id),
  }
}

/** The fields that differ, before and after. */
export function differences(before: Snapshot, after: Snapshot) {
  const names = (Object.keys(before) as (keyof Snapshot)[]).filter(
    (name) => name !== 'last_message_id' && JSON.stringify(before[name]) !== JSON.stringify(after[name]),
  )
  const of = (snapshot: Snapshot) => Object.fromEntries(names.map((name) => [name, snapshot[name]]))
  return { before: of(before), after: of(after) }
}
