import type { Database, Queries } from '../../db/database.ts'
import { appendEvent } from '../../events/append.ts'
import { type Actor, systemOf } from '../../lib/actor.ts'
import { getAccount } from '../accounts/service.ts'
import type { InboxConversations } from '../inboxes/service.ts'
import { lockConversation, unassignForeign } from './event-log.ts'
import { messaging } from './messaging.ts'
import { deleteConversation, idsOfInbox, lockRow, type Row } from './store.ts'

/**
 * Erases a conversation with its messages and their events, all or nothing. When the promise resolves, its content has
 * been overwritten in the files of the database. Throws `not_found`.
 */
export async function eraseConversation(database: Database, actor: Actor, id: number): Promise<void> {
  await database.transaction(actor.accountId, async (tx) => {
    const row = await lockConversation(tx, actor, id)
    await eraseRow(tx, actor, row)
  })
  await database.wipeErased()
}

/** What inboxes need from this feature. */
export const conversationsOfInboxes: InboxConversations = {
  some: idsOfInbox,
  unassign: unassignForeign,
  async erase(tx, actor, id) {
    const row = await lockRow(tx, systemOf(actor.accountId), id)
    if (row) await eraseRow(tx, actor, row)
  },
}

async function eraseRow(tx: Queries, actor: Actor, { account_id, id, inbox_id }: Row): Promise<void> {
  await messaging.of(tx).eraseAll(tx, account_id, id)
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
}
