import type { Database, Queries } from '../../db/database.ts'
import { nextId } from '../../db/ids.ts'
import { type Actor, actorRef } from '../../lib/actor.ts'
import { invalid, Refusal } from '../../lib/errors.ts'
import { toSeconds } from '../../lib/time.ts'
import { timeSlice } from '../../lib/time-slice.ts'
import { getConversation, lockConversation } from '../conversations/event-log.ts'
import type { Conversation } from '../conversations/schema.ts'
import { findConversationRef } from '../conversations/service.ts'
import { withdraw } from '../notifications/service.ts'
import { lockRow, moveBelongings, setColumns } from './conversation.store.ts'
import { isInOrder } from './message.store.ts'
import {
  type ConversationMerge,
  type ConversationMove,
  type MoveQuery,
  movesPerPage,
  undoTime,
} from './schema.ts'
import { mergedState, type Snapshot, stateOf } from './snapshot.ts'
import { continueMove, finishMove, lockBoth, type Shown, shownOf } from './steps.ts'
import * as store from './store.ts'

/** Returns the latest moves of messages from or to a conversation, and whether there are more. Throws `not_found`. */
export async function listMoves(
  queries: Queries,
  actor: Actor,
  conversationId: number,
  { before_id = Number.MAX_SAFE_INTEGER }: MoveQuery,
): Promise<{ payload: ConversationMove[]; meta: { has_more: boolean } }> {
  await findConversationRef(queries, actor, conversationId)
  const rows = await store.selectMoves(queries, actor.accountId, conversationId, before_id, movesPerPage + 1)
  const names = await store.findUserNames(queries, [
    ...new Set(rows.flatMap(({ author_id }) => author_id ?? [])),
  ])
  const payload = rows.slice(0, movesPerPage).map((row) => toMove(row, names))
  return { payload, meta: { has_more: rows.length > movesPerPage } }
}

function toMove(row: store.Row, names: ReadonlyMap<number, string>): ConversationMove {
  const { id, kind, status, message_count, author_id, expires_at } = row
  const isUndoable = status === 'done' && (expires_at ?? 0) > Date.now()
  return {
    id,
    kind,
    from_conversation_id: row.from_id,
    to_conversation_id: row.to_id,
    status,
    message_count,
    moved_by: author_id === null ? null : { id: author_id, name: names.get(author_id) ?? '' },
    undoable_until: isUndoable ? toSeconds(expires_at) : null,
    created_at: toSeconds(row.created_at),
  }
}

/**
 * Moves the messages of a conversation to another one of the same contact in the same inbox, and what is prepared there.
 * From the first of its transactions on, whoever writes to the merged one writes to the other one. Returns that one. If it
 * was merged already, nothing changes. Throws `not_found`, `invalid`, and `conflict` if one of them is being merged or split.
 */
export async function mergeConversations(
  database: Database,
  actor: Actor,
  targetId: number,
  { mergee_conversation_id: mergeeId }: ConversationMerge,
): Promise<Conversation> {
  const { accountId } = actor
  // Before the transaction: it reads all messages of both.
  await assertMergeable(database.read, actor, targetId, mergeeId)
  if (!(await isInOrder(database.longReads, accountId, targetId, mergeeId))) {
    throw invalid(
      'mergee_conversation_id',
      'names a conversation with imported messages that would not be in the order of their times',
    )
  }
  const move = await database.transaction(accountId, async (tx) => {
    const begun = await beginMerge(tx, actor, targetId, mergeeId)
    if (begun) await continueMove(tx, actor, begun, timeSlice())
    return begun
  })
  if (move) await finishMove(database, actor, move)
  return getConversation(database.read, actor, targetId)
}

/** Throws unless the second conversation can be merged into the first one, or has been. */
async function assertMergeable(queries: Queries, actor: Actor, targetId: number, mergeeId: number) {
  const name = 'mergee_conversation_id'
  const target = await findConversationRef(queries, actor, targetId)
  if (targetId === mergeeId) throw invalid(name, 'must not be the conversation itself')
  const mergee = await findVisible(queries, actor, mergeeId)
  if (!mergee) throw invalid(name, 'names no conversation of this account', 'not_found')
  // Otherwise a contact could read what was written to another one.
  if (mergee.contact.id !== target.contact_id)
    throw invalid(name, 'must be a conversation of the same contact: merge the contacts first')
  if (mergee.inbox_id !== target.inbox_id) throw invalid(name, 'must be a conversation in the same inbox')
  const { merged_into_id } = mergee
  if (merged_into_id !== null && merged_into_id !== targetId)
    throw invalid(name, `names a conversation that was merged into conversation ${merged_into_id}`)
  return mergee
}

/** Returns a conversation, also one that was merged; undefined if the actor does not see it. */
function findVisible(queries: Queries, actor: Actor, id: number): Promise<Conversation | undefined> {
  return getConversation(queries, actor, id).catch((error) => {
    if (error instanceof Refusal && error.code === 'not_found') return undefined
    throw error
  })
}

/** Moves everything but the messages. Returns undefined if it was merged already. */
export async function beginMerge(
  tx: Queries,
  actor: Actor,
  targetId: number,
  mergeeId: number,
  isOpening = true,
): Promise<store.Row | undefined> {
  const { accountId } = actor
  const rows = await lockBoth(tx, accountId, targetId, mergeeId)
  const { merged_into_id } = await assertMergeable(tx, actor, targetId, mergeeId)
  if (merged_into_id !== null) return undefined
  await assertNotMoving(tx, accountId, [targetId, mergeeId])
  const [from, to] = [stateOf(rows.get(mergeeId)!), stateOf(rows.get(targetId)!)]
  const shown = { from: await shownOf(tx, accountId, mergeeId), to: await shownOf(tx, accountId, targetId) }
  const after = mergedState(to, from, isOpening)
  const key = { account_id: accountId, from_id: mergeeId, to_id: targetId }
  const belongings = await moveBelongings(tx, key)
  for (const { user_id, id, joined } of belongings.notifications!)
    if (joined) await withdraw(tx, accountId, user_id, [id])
  await setColumns(tx, accountId, mergeeId, {
    updated_at: Date.now(),
    merged_into_id: targetId,
    status: 'resolved',
    snoozed_until: null,
    unread_count: 0,
  })
  await setColumns(tx, accountId, targetId, after)
  await store.expireSplit(tx, { account_id: accountId, from_id: targetId, to_id: mergeeId })
  const before: Snapshot & { shown: Shown } = { from, to, after, belongings, shown }
  return addMove(tx, actor, { ...key, kind: 'merge', first_message_id: 0, before: JSON.stringify(before) })
}

/** Adds a row for a move whose messages are still to be moved. */
export async function addMove(
  tx: Queries,
  actor: Actor,
  given: Pick<store.Row, 'from_id' | 'to_id' | 'kind' | 'first_message_id' | 'before'>,
): Promise<store.Row> {
  const { type, id } = actorRef(actor)
  const now = Date.now()
  const row: store.Row = {
    ...given,
    account_id: actor.accountId,
    id: await nextId(tx, actor.accountId, 'conversation_moves'),
    author_id: type === 'user' ? id : null,
    status: 'moving',
    message_count: 0,
    expires_at: now + undoTime,
    created_at: now,
    updated_at: now,
  }
  await store.insertMove(tx, row)
  return row
}

/** Throws `conflict` if messages are being moved from or to one of these conversations. */
export async function assertNotMoving(tx: Queries, accountId: number, ids: readonly number[]): Promise<void> {
  if (await store.isMoving(tx, accountId, ids))
    throw new Refusal('conflict', 'the conversation is being merged or split: try again when that is done')
}

/**
 * Moves the messages of a merged conversation back, and what was prepared in it. What was written since the merge stays in
 * the other one. Returns the conversation; if it is not merged, nothing changes. Throws `not_found`, `conflict` if the other
 * one was merged since, and `stale` after a week.
 */
export async function undoMerge(database: Database, actor: Actor, id: number): Promise<Conversation> {
  const { accountId } = actor
  const undone = await database.transaction(accountId, async (tx) => {
    const { merged_into_id } = await getConversation(tx, actor, id)
    const move = merged_into_id === null ? undefined : await store.findMergeOf(tx, accountId, id)
    // It was undone already, or is being undone.
    if (!move || move.status === 'undoing') return move
    await assertNotMoving(tx, accountId, [move.from_id, move.to_id])
    if (move.expires_at === null || move.expires_at <= Date.now())
      throw new Refusal('stale', 'it is too late to undo the merge')
    const target = (await lockRow(tx, accountId, move.to_id))!
    if (target.merged_into_id !== null) {
      const rule = `conversation ${move.to_id} was merged into conversation ${target.merged_into_id}: undo that first`
      throw new Refusal('conflict', rule)
    }
    await store.updateMove(tx, move, { status: 'undoing' })
    await continueMove(tx, actor, move, timeSlice())
    return move
  })
  if (undone) await finishMove(database, actor, undone)
  return getConversation(database.read, actor, id)
}

/** Locks a conversation that is to be split. Throws `not_found`, and `conflict` if it is being merged or split. */
export async function lockForSplit(tx: Queries, actor: Actor, id: number) {
  const row = await lockConversation(tx, actor, id)
  await assertNotMoving(tx, actor.accountId, [id])
  return row
}
