import type { Database, Queries } from '../../db/database.ts'
import { followerName as deliveries } from '../../deliveries/dispatch.ts'
import { cursorOf } from '../../events/cursors.ts'
import { newestPositions } from '../../events/read.ts'
import type { Actor } from '../../lib/actor.ts'
import { notFound } from '../../lib/errors.ts'
import { contactExists } from '../contacts/service.ts'
import { eraseMessagesOf } from '../conversations/erase.ts'
import { logContactDeleted } from './contact-deleted.ts'
import { eraseEverything, eraseGuestMessages, findTraces } from './erase.store.ts'
import { lockConversations, selectConversationIds } from './store.ts'

/**
 * Erases a contact with its contact inboxes, conversations and messages, and the events about them. The messages are
 * erased first, in as many transactions as it takes, and the last one erases everything else: if the process ends before
 * it, the contact can be erased again. When the promise resolves, all of it has been overwritten in the files of the
 * database. Throws `not_found`.
 */
export async function eraseContact(database: Database, actor: Actor, id: number): Promise<void> {
  const { accountId } = actor
  if (!(await contactExists(database.read, accountId, id))) throw notFound('contact')
  for (const conversationId of await selectConversationIds(database.read, accountId, id)) {
    await eraseMessagesOf(database, accountId, conversationId)
  }
  while (await database.transaction(accountId, (tx) => eraseGuestMessages(tx, accountId, id)));
  const upTo = await reachedPosition(database.read, accountId)
  const traces = await findTraces(database.longReads, accountId, id, upTo)
  await database.transaction(accountId, async (tx) => {
    if (!(await contactExists(tx, accountId, id))) throw notFound('contact')
    // Posting a message locks the row of its conversation: a concurrent message is either visible now or never stored.
    const conversationIds = await lockConversations(tx, accountId, id)
    await eraseEverything(tx, accountId, id, traces)
    await logContactDeleted(tx, actor, id, conversationIds, null)
  })
  await database.wipeErased()
}

/** The position up to which the log has its events, and the events have their deliveries. */
async function reachedPosition(queries: Queries, accountId: number): Promise<number> {
  const newest = (await newestPositions(queries, [accountId])).get(accountId) ?? 0
  return Math.min(newest, (await cursorOf(queries, accountId, deliveries)) ?? newest)
}
