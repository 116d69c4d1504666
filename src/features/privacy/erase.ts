import type { Database } from '../../db/database.ts'
import type { Actor } from '../../lib/actor.ts'
import { notFound } from '../../lib/errors.ts'
import { contactExists } from '../contacts/service.ts'
import { logContactDeleted } from './contact-deleted.ts'
import { eraseEverything, lockConversations } from './store.ts'

/**
 * Erases a contact with its contact inboxes, conversations and messages, and the events about them. When the promise
 * resolves, all of it has been overwritten in the files of the database. Throws `not_found`.
 */
export async function eraseContact(database: Database, actor: Actor, id: number): Promise<void> {
  const { accountId } = actor
  await database.transaction(accountId, async (tx) => {
    if (!(await contactExists(tx, accountId, id))) throw notFound('contact')
    // Posting a message locks the row of its conversation: a concurrent message is either visible now or never stored.
    const conversationIds = await lockConversations(tx, accountId, id)
    await eraseEverything(tx, accountId, id)
    await logContactDeleted(tx, actor, id, conversationIds, null)
  })
  await database.wipeErased()
}
