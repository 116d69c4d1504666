import type { Database, Queries } from '../../db/database.ts'
import { nextId } from '../../db/ids.ts'
import type { Actor } from '../../lib/actor.ts'
import { invalid } from '../../lib/errors.ts'
import { timeSlice } from '../../lib/time-slice.ts'
import { getConversation, logConversation } from '../conversations/event-log.ts'
import type { Conversation } from '../conversations/schema.ts'
import { type ConversationRow, insertConversation, setColumns } from './conversation.store.ts'
import {
  copyPeople,
  countUnread,
  hasMessageBefore,
  hasOtherMessage,
  lastTime,
  selectPresent,
} from './message.store.ts'
import { splitNotifications } from './notification.store.ts'
import type { ConversationSplit } from './schema.ts'
import { addMove, lockForSplit } from './service.ts'
import { continueMove, finishMove, moveTogether, shownOf } from './steps.ts'
import * as store from './store.ts'

/**
 * Moves messages of a conversation to a new one of the same contact in the same inbox, which has its assignee, team and
 * priority. Returns the new one. Throws `not_found`, `invalid` if a message is not in the conversation or none would be left
 * in it, and `conflict` if it is being merged or split.
 */
export async function splitConversation(
  database: Database,
  actor: Actor,
  id: number,
  input: ConversationSplit,
): Promise<Conversation> {
  const move = await database.transaction(actor.accountId, async (tx) => {
    const row = await lockForSplit(tx, actor, id)
    const chosen = await chosenOf(tx, row, input)
    const begun = await beginSplit(tx, actor, row, chosen)
    if (chosen.ids) {
      await moveTogether(tx, begun, chosen.ids)
      await store.updateMove(tx, begun, { message_count: chosen.ids.length })
    }
    await continueMove(tx, actor, begun, timeSlice())
    return begun
  })
  await finishMove(database, actor, move)
  return getConversation(database.read, actor, move.to_id)
}

/** The messages from an id on, or only these. */
interface Chosen {
  from: number
  ids?: number[]
}

async function chosenOf(
  tx: Queries,
  { account_id, id }: ConversationRow,
  { message_id, message_ids }: ConversationSplit,
): Promise<Chosen> {
  if ((message_id === undefined) === (message_ids === undefined))
    throw invalid('message_id', 'is required, or message_ids, and not both', 'required')
  const field = message_ids ? 'message_ids' : 'message_id'
  const named = message_ids ?? [message_id!]
  if ((await selectPresent(tx, account_id, id, named)).length < named.length)
    throw invalid(field, 'must be in this conversation', 'not_found')
  const leavesSome = message_ids
    ? await hasOtherMessage(tx, account_id, id, message_ids)
    : await hasMessageBefore(tx, account_id, id, message_id!)
  if (!leavesSome) throw invalid(field, 'must leave a message in the conversation')
  return message_ids ? { from: 0, ids: message_ids.toSorted((a, b) => a - b) } : { from: message_id! }
}

async function beginSplit(
  tx: Queries,
  actor: Actor,
  row: ConversationRow,
  { from, ids }: Chosen,
): Promise<store.Row> {
  const { account_id, id, agent_last_seen_at, unread_count } = row
  const shown = await shownOf(tx, account_id, id)
  const since = agent_last_seen_at ?? 0
  const unread = await countUnread(tx, account_id, id, { from, ids, since, limit: unread_count })
  const now = Date.now()
  const newId = await nextId(tx, account_id, 'conversations')
  const { inbox_id, contact_id, source_id, priority, assignee_id, assignee_bot_id, team_id, subject } = row
  await insertConversation(tx, {
    ...{ account_id, id: newId, inbox_id, contact_id, source_id, priority, subject },
    ...{ assignee_id, assignee_bot_id, team_id, agent_last_seen_at },
    status: 'open',
    snoozed_until: null,
    unread_count: unread,
    custom_attributes: '{}',
    contact_last_seen_at: row.contact_last_seen_at,
    last_activity_at: (await lastTime(tx, account_id, id, { from, ids })) ?? now,
    created_at: now,
    updated_at: now,
  })
  const place = { account_id, from_id: id, to_id: newId }
  await copyPeople(tx, place)
  const notified = await splitNotifications(tx, place, { from, ids })
  await setColumns(tx, account_id, id, { unread_count: unread_count - unread, updated_at: now })
  await logConversation(tx, actor, newId, 'conversation_created')
  const to = await shownOf(tx, account_id, newId)
  return addMove(tx, actor, {
    from_id: id,
    to_id: newId,
    kind: 'split',
    // With `ids`, nothing is left to move when the others are.
    first_message_id: ids ? Number.MAX_SAFE_INTEGER : from,
    before: JSON.stringify({ shown: { from: shown, to }, notified }),
  })
}
