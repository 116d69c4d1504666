import type { Database } from '../../db/database.ts'
import type { Actor } from '../../lib/actor.ts'
import { Refusal } from '../../lib/errors.ts'
import { timeSlice } from '../../lib/time-slice.ts'
import { getConversation } from '../conversations/event-log.ts'
import type { Conversation } from '../conversations/schema.ts'
import { lockRow } from './conversation.store.ts'
import { isInOrder } from './message.store.ts'
import { beginMerge } from './service.ts'
import { continueMove, finishMove } from './steps.ts'
import * as store from './store.ts'

/**
 * Merges a conversation that was split from another one back into it, with what was written since. Returns the other one.
 * If it was not split, or if they are one already, nothing changes. Throws `not_found`, `conflict` if one of them was merged
 * since, or the other one has imported messages that are out of order with these, and `stale` after a week.
 */
export async function undoSplit(database: Database, actor: Actor, id: number): Promise<Conversation> {
  const { accountId } = actor
  const conversation = await getConversation(database.read, actor, id)
  const target = (await store.findSplitTo(database.read, accountId, id))?.from_id
  if (target === undefined) return conversation
  // Before the transaction: it reads all messages of both.
  const isSorted = await isInOrder(database.longReads, accountId, target, id)
  const move = await database.transaction(accountId, async (tx) => {
    const { merged_into_id } = await getConversation(tx, actor, id)
    const split = await store.findSplitTo(tx, accountId, id)
    if (!split || merged_into_id === target) return undefined
    if (split.expires_at === null || split.expires_at <= Date.now())
      throw new Refusal('stale', 'it is too late to undo the split')
    if (merged_into_id !== null) throw undoFirst(id, merged_into_id)
    const { merged_into_id: other } = (await lockRow(tx, accountId, target))!
    if (other !== null) throw undoFirst(target, other)
    const merged = await store.findMergedInto(tx, accountId, id)
    if (merged !== undefined) throw undoFirst(merged, id)
    if (!isSorted) {
      const rule = `conversation ${target} has imported messages that would not be in the order of their times`
      throw new Refusal('conflict', rule)
    }
    const isOpening = await store.hasNewMessage(tx, split)
    const move = await beginMerge(tx, actor, target, id, isOpening)
    if (move) await continueMove(tx, actor, move, timeSlice())
    return move
  })
  if (move) await finishMove(database, actor, move)
  return getConversation(database.read, actor, target)
}

function undoFirst(id: number, target: number): Refusal {
  return new Refusal('conflict', `conversation ${id} was merged into conversation ${target}: undo that first`)
}
