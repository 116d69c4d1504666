import type { Database } from '../../db/database.ts'
import type { Actor } from '../../lib/actor.ts'
import { notFound } from '../../lib/errors.ts'
import { contactExists } from '../contacts/service.ts'
import { logGone } from './gone.ts'
import { eraseEverything, lockConversations } from './store.ts'

/**
 * Erases a person: the contact, its inboxes, conversations and messages, and the events about them. When the promise
 * resolves, all of it is overwritten in the database's files. Throws `not_found`.
 */
export async function eraseContact(database: Database, actor: Actor, id: number): Promise<void> {
  const { accountId } = actor
  await database.transaction(accountId, async (tx) => {
    if (!(await contactExists(tx, accountId, id))) throw notFound('contact')
    // A message that is being posted holds the row of its conversation: it is there before we look, or not at all.
    const conversationIds = await lockConversations(tx, accountId, id)
    await eraseEverything(tx, accountId, id)
    await logGone(tx, actor, id, conversationIds, null)
  })
  await database.wipeErased()
}
