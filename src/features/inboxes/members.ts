import type { Database, Queries } from '../../db/database.ts'
import type { Actor } from '../../lib/actor.ts'
import { invalid } from '../../lib/errors.ts'
import { logInboxesChange, roleOf } from '../users/service.ts'
import type { Member } from './schema.ts'
import { inboxConversations } from './service.ts'
import { getInbox } from './settings.ts'
import { deleteMembers, insertMember, selectMembers } from './store.ts'

/** The members of an inbox. Throws `not_found`. */
export async function listMembers(queries: Queries, actor: Actor, inboxId: number): Promise<Member[]> {
  await getInbox(queries, actor, inboxId)
  return selectMembers(queries, actor.accountId, inboxId)
}

/** Lets users work in an inbox, and gives all who do. Throws `not_found`, or `invalid` for strangers. */
export function addMembers(
  database: Database,
  actor: Actor,
  inboxId: number,
  userIds: number[],
): Promise<Member[]> {
  const { accountId } = actor
  return database.transaction(accountId, async (tx) => {
    const present = await listMembers(tx, actor, inboxId)
    const added = [...new Set(userIds)].filter((userId) => !present.some(({ id }) => id === userId))
    for (const userId of added) {
      if (!(await roleOf(tx, accountId, userId))) {
        throw invalid('user_ids', `names no member of this account: ${userId}`)
      }
      await insertMember(tx, { account_id: accountId, inbox_id: inboxId, user_id: userId }, Date.now())
      await logInboxesChange(tx, accountId, userId)
    }
    return selectMembers(tx, accountId, inboxId)
  })
}

/**
 * Lets users no longer work in an inbox, and gives who stays; what was assigned to them there is unassigned. Who is no
 * member is no error. Throws `not_found`.
 */
export function removeMembers(
  database: Database,
  actor: Actor,
  inboxId: number,
  userIds: number[],
): Promise<Member[]> {
  const { accountId } = actor
  return database.transaction(accountId, async (tx) => {
    const present = await listMembers(tx, actor, inboxId)
    const removed = present.filter(({ id }) => userIds.includes(id))
    await deleteMembers(tx, accountId, inboxId, userIds)
    for (const { id } of removed) {
      await inboxConversations.get().unassign(tx, accountId, id)
      await logInboxesChange(tx, accountId, id)
    }
    return selectMembers(tx, accountId, inboxId)
  })
}
