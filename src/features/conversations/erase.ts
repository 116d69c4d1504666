import type { Database, Queries } from '../../db/database.ts'
import { appendEvent } from '../../events/append.ts'
import { type Actor, systemOf } from '../../lib/actor.ts'
import { notFound, Refusal } from '../../lib/errors.ts'
import { timeSlice } from '../../lib/time-slice.ts'
import { getAccount } from '../accounts/service.ts'
import type { InboxConversations } from '../inboxes/service.ts'
import { unassignForeign, unassignMost } from './event-log.ts'
import { messaging } from './messaging.ts'
import { deleteConversation, idsOfInbox, lockMerged, lockRow, type Row } from './store.ts'

/**
 * Erases a conversation with its messages and their events. Many messages are erased in several transactions, the oldest
 * first, and the last one erases the conversation: if the process ends before it, the conversation has fewer messages,
 * and can be erased again. When the promise resolves, its content has been overwritten in the files of the database.
 * Throws `not_found`, and `conflict` if it was merged into another one.
 */
export async function eraseConversation(database: Database, actor: Actor, id: number): Promise<void> {
  const step = () =>
    database.transaction(actor.accountId, async (tx) => {
      const row = await lockRow(tx, actor, id)
      if (!row) throw notFound('conversation')
      if (row.merged_into_id !== null) throw erasedWith(id, row.merged_into_id)
      return eraseRow(tx, actor, row, timeSlice())
    })
  while (!(await step()));
  await database.wipeErased()
}

function erasedWith(id: number, target: number): Refusal {
  const rule = `conversation ${id} was merged into conversation ${target}: undo that first, or delete that one`
  return new Refusal('conflict', rule)
}

/** Erases the messages of a conversation and their events, in as many transactions as it takes. */
export async function eraseMessagesOf(database: Database, accountId: number, id: number): Promise<void> {
  const step = () =>
    database.transaction(accountId, async (tx) => {
      const row = await lockRow(tx, systemOf(accountId), id)
      return row === undefined || messaging.of(tx).erase(tx, accountId, id, timeSlice())
    })
  while (!(await step()));
}

/** What inboxes need from this feature. */
export const conversationsOfInboxes: InboxConversations = {
  some: idsOfInbox,
  unassign: unassignForeign,
  unassignMost: (database, accountId, userId, inboxId) =>
    unassignMost(database, accountId, userId, { inboxId }),
  async erase(tx, actor, id, isOver) {
    const row = await lockRow(tx, systemOf(actor.accountId), id)
    return row === undefined || eraseRow(tx, actor, row, isOver)
  },
}

/** Returns false if the time was over before all messages were erased: the conversation is still there. */
async function eraseRow(
  tx: Queries,
  actor: Actor,
  { account_id, id, inbox_id }: Row,
  isOver: () => boolean,
): Promise<boolean> {
  // Those that were merged into it: without it, nothing leads to them.
  for (const merged of await lockMerged(tx, account_id, id))
    if (!(await eraseRow(tx, actor, merged, isOver))) return false
  if (!(await messaging.of(tx).erase(tx, account_id, id, isOver))) return false
  await deleteConversation(tx, account_id, id)
  const event = 'conversation_deleted'
  const account = await getAccount(tx, account_id)
  const data = { event, id, conversation: { id, inbox_id }, account }
  await appendEvent(tx, actor, {
    conversation_id: id,
    inbox_id,
    name: event,
    audience: 'agents',
    data: JSON.stringify(data),
  })
  return true
}
