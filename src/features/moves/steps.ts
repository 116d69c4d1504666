import type { Database, Queries } from '../../db/database.ts'
import { type Actor, systemOf } from '../../lib/actor.ts'
import { timeSlice } from '../../lib/time-slice.ts'
import { type FieldValues, fieldsOf, getConversation, logConversation } from '../conversations/event-log.ts'
import type { Conversation } from '../conversations/schema.ts'
import { announceChange } from '../notifications/announcing.ts'
import { addDocuments } from '../search/service.ts'
import {
  type Belongings,
  type ConversationRow,
  lockRow,
  returnBelongings,
  setColumns,
} from './conversation.store.ts'
import { moveMessages, selectMessageIds, selectPresent, selectUnindexed } from './message.store.ts'
import { type Snapshot, separatedStates, stateOf } from './snapshot.ts'
import * as store from './store.ts'

// Messages that are moved before the time is looked at again.
const movedTogether = 50

/** Locks both conversations of a move, always in the same order, so that two moves do not wait for each other. */
export async function lockBoth(
  tx: Queries,
  accountId: number,
  one: number,
  other: number,
): Promise<Map<number, ConversationRow>> {
  const rows = new Map<number, ConversationRow>()
  for (const id of [one, other].sort((a, b) => a - b)) {
    const row = await lockRow(tx, accountId, id)
    if (row) rows.set(id, row)
  }
  return rows
}

/**
 * Continues a move until it is done, in as many transactions as it takes, and announces it. Whoever else continues it does no
 * harm.
 */
export async function finishMove(database: Database, actor: Actor, move: store.Row): Promise<void> {
  const step = () => database.transaction(move.account_id, (tx) => continueMove(tx, actor, move, timeSlice()))
  while (!(await step()));
  announceMoved(database, move)
}

/** Tells the users whose notifications were moved, or moved back. */
function announceMoved(database: Database, { account_id, before }: store.Row): void {
  const { belongings, notified = [] } = JSON.parse(before) as { belongings?: Belongings; notified?: number[] }
  const users = belongings?.notifications?.map(({ user_id }) => user_id) ?? notified
  for (const user of new Set(users)) announceChange(database, account_id, user)
}

/** Moves messages until `isOver`. Returns whether nothing is left to do. */
export async function continueMove(
  tx: Queries,
  actor: Actor,
  key: store.Key,
  isOver: () => boolean,
): Promise<boolean> {
  const found = await store.findMove(tx, key)
  if (!found || found.status === 'done') return true
  await lockBoth(tx, found.account_id, found.from_id, found.to_id)
  const move = await store.findMove(tx, key)
  if (!move || move.status === 'done') return true
  const isDone = await (move.status === 'undoing'
    ? moveBack(tx, move, isOver)
    : moveForward(tx, move, isOver))
  if (!isDone) return false
  if (move.status === 'undoing') await endUndo(tx, actor, move)
  else await endMove(tx, actor, move)
  return true
}

async function moveForward(tx: Queries, move: store.Row, isOver: () => boolean): Promise<boolean> {
  let count = move.message_count
  let isDone = false
  do {
    const ids = await selectMessageIds(tx, move, movedTogether)
    await moveTogether(tx, move, ids)
    count += ids.length
    isDone = ids.length < movedTogether
  } while (!isDone && !isOver())
  await store.updateMove(tx, move, { message_count: count })
  return isDone
}

/** Moves these messages, and remembers them. */
export async function moveTogether(tx: Queries, move: store.Row, ids: number[]): Promise<void> {
  if (ids.length === 0) return
  await store.insertTraces(tx, move, ids)
  await moveMessages(tx, move, ids)
  // The index follows the log, which names their previous conversation.
  await addDocuments(tx, move.account_id, await selectUnindexed(tx, move.account_id, move.to_id, ids))
}

async function moveBack(tx: Queries, move: store.Row, isOver: () => boolean): Promise<boolean> {
  const { account_id, from_id, to_id } = move
  for (;;) {
    const traces = await store.selectTraces(tx, move, movedTogether)
    const ids = traces.map(({ message_id }) => message_id)
    // Those that were split off since stay there.
    const present = await selectPresent(tx, account_id, to_id, ids)
    await moveMessages(tx, { account_id, from_id: to_id, to_id: from_id }, present)
    for (const { message_id, idempotency_key } of traces)
      if (idempotency_key !== null) await store.restoreIdempotencyKey(tx, move, message_id, idempotency_key)
    await store.deleteTracesOf(tx, move, ids)
    if (ids.length < movedTogether) break
    if (isOver()) {
      await store.updateMove(tx, move, {})
      return false
    }
  }
  return true
}

async function endMove(tx: Queries, actor: Actor, move: store.Row): Promise<void> {
  const { account_id, from_id, to_id } = move
  await store.updateMove(tx, move, { status: 'done' })
  const { shown } = JSON.parse(move.before) as Snapshot & { shown: Shown }
  await logChanges(tx, actor, account_id, from_id, shown.from)
  await logChanges(tx, actor, account_id, to_id, shown.to)
}

async function endUndo(tx: Queries, actor: Actor, move: store.Row): Promise<void> {
  const { account_id, from_id, to_id } = move
  const shown = { from: await shownOf(tx, account_id, from_id), to: await shownOf(tx, account_id, to_id) }
  const before = JSON.parse(move.before) as Snapshot
  const now = (await lockRow(tx, account_id, to_id))!
  await returnBelongings(tx, move, before.belongings)
  const states = separatedStates(stateOf(now), before)
  await setColumns(tx, account_id, from_id, { merged_into_id: null, ...states.from })
  await setColumns(tx, account_id, to_id, states.to)
  await store.deleteMove(tx, move)
  await logChanges(tx, actor, account_id, from_id, shown.from)
  await logChanges(tx, actor, account_id, to_id, shown.to)
}

const shownFields = ['status', 'snoozed_until', 'unread_count', 'labels', 'merged_into_id'] as const

/** The fields of two conversations that a move changes, as the API has shown them before. */
export interface Shown {
  from: FieldValues
  to: FieldValues
}

/** The fields of a conversation that a move changes, as the API shows them. */
export async function shownOf(tx: Queries, accountId: number, id: number): Promise<FieldValues> {
  return fieldsOf(await getConversation(tx, systemOf(accountId), id), [...shownFields])
}

/** Logs what is different in a conversation, and that it has other messages than before. */
async function logChanges(tx: Queries, actor: Actor, accountId: number, id: number, before: FieldValues) {
  const after = fieldsOf((await getConversation(tx, systemOf(accountId), id)) as Conversation, [
    ...shownFields,
  ])
  const isChanged = (field: keyof FieldValues) =>
    JSON.stringify(before[field]) !== JSON.stringify(after[field])
  const changed = Object.fromEntries(
    Object.entries(before).filter(([field]) => isChanged(field as keyof FieldValues)),
  ) as FieldValues
  const { status, snoozed_until, ...others } = changed
  // The events must not depend on which inboxes the actor sees.
  const administrator: Actor = { ...actor, role: 'administrator' }
  if (status !== undefined || snoozed_until !== undefined) {
    const ofStatus = Object.fromEntries(
      Object.entries({ status, snoozed_until }).filter(([field]) => field in changed),
    )
    await logConversation(tx, administrator, id, 'conversation_status_changed', ofStatus)
  }
  await logConversation(tx, administrator, id, 'conversation_updated', { ...others, messages: null })
}
