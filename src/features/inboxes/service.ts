import type { Queries } from '../../db/database.ts'
import { nextId } from '../../db/ids.ts'
import type { Actor } from '../../lib/actor.ts'
import { randomSecret } from '../../lib/secrets.ts'
import { roleOf } from '../users/service.ts'
import type { Inbox } from './schema.ts'
import { findVisible, insertInbox, insertMember, isMember, selectVisible } from './store.ts'

/** The inboxes that the actor may work in, by id. */
export function listInboxes(queries: Queries, actor: Actor): Promise<Inbox[]> {
  return selectVisible(queries, actor)
}

/** One of those; undefined where there is none or the actor must not know of it. */
export function findInbox(queries: Queries, actor: Actor, id: number): Promise<Inbox | undefined> {
  return findVisible(queries, actor, id)
}

/** Whether a user may work in an inbox: an administrator in all, an agent where they are a member. */
export async function mayWorkIn(
  queries: Queries,
  accountId: number,
  inboxId: number,
  userId: number,
): Promise<boolean> {
  const role = await roleOf(queries, accountId, userId)
  if (role === 'administrator') return true
  if (role === undefined) return false
  return isMember(queries, { account_id: accountId, inbox_id: inboxId, user_id: userId })
}

/** Makes an inbox and gives its id. */
export async function createInbox(
  tx: Queries,
  accountId: number,
  inbox: Pick<Inbox, 'name' | 'channel_type'>,
): Promise<number> {
  const id = await nextId(tx, accountId, 'inboxes')
  await insertInbox(
    tx,
    { account_id: accountId, id, ...inbox, identifier: randomSecret('inbox') },
    Date.now(),
  )
  return id
}

/** Lets a member of the account work in an inbox; again is no error. */
export function addInboxMember(
  tx: Queries,
  accountId: number,
  inboxId: number,
  userId: number,
): Promise<void> {
  return insertMember(tx, { account_id: accountId, inbox_id: inboxId, user_id: userId }, Date.now())
}
