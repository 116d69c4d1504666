import type { Database, Queries } from '../../db/database.ts'
import type { Actor } from '../../lib/actor.ts'
import { invalid } from '../../lib/errors.ts'
import { logInboxesChange, roleOf } from '../users/service.ts'
import type { Member } from './schema.ts'
import { findInbox, inboxConversations } from './service.ts'
import { getInbox } from './settings.ts'
import { deleteMembers, insertMember, selectMembers } from './store.ts'

/** The members of an inbox. Throws `not_found`. */
export async function listMembers(queries: Queries, actor: Actor, inboxId: number): Promise<Member[]> {
  await getInbox(queries, actor, inboxId)
  return selectMembers(queries, actor.accountId, inboxId)
}

/** Adds members to an inbox and returns all of them. Throws `not_found`, or `invalid` for a user of no or another account. */
export function addMembers(
  database: Database,
  actor: Actor,
  inboxId: number,
  userIds: number[],
): Promise<Member[]> {
  const { accountId } = actor
  return database.transaction(accountId, async (tx) => {
    const before = await listMembers(tx, actor, inboxId)
    const added = [...new Set(userIds)].filter((userId) => !before.some(({ id }) => id === userId))
    for (const userId of added) {
      if (!(await roleOf(tx, accountId, userId))) {
        throw invalid('user_ids', `names no member of this account: ${userId}`, 'not_found')
      }
      await insertMember(tx, { account_id: accountId, inbox_id: inboxId, user_id: userId }, Date.now())
      await logInboxesChange(tx, actor, userId)
    }
    return selectMembers(tx, accountId, inboxId)
  })
}

/**
 * Replaces the members of an inbox, and returns them. An invalid list changes nothing. Throws as `addMembers` and
 * `removeMembers` do.
 */
export async function setMembers(
  database: Database,
  actor: Actor,
  inboxId: number,
  userIds: number[],
): Promise<Member[]> {
  const members = await addMembers(database, actor, inboxId, userIds)
  const others = members.filter(({ id }) => !userIds.includes(id)).map(({ id }) => id)
  return others.length > 0 ? removeMembers(database, actor, inboxId, others) : members
}

/** Throws `invalid` if the body of a request names no inbox that the actor sees. */
export async function assertInbox(queries: Queries, actor: Actor, inboxId: number): Promise<void> {
  if (!(await findInbox(queries, actor, inboxId)))
    throw invalid('inbox_id', 'names no inbox of this account', 'not_found')
}

/**
 * Makes a user a member of several inboxes. Inboxes that they are a member of already are ignored. Throws `invalid` for an
 * inbox that is not of the account.
 */
export async function joinInboxes(
  tx: Queries,
  actor: Actor,
  userId: number,
  inboxIds: number[],
): Promise<void> {
  const { accountId } = actor
  if (inboxIds.length === 0) return
  for (const inboxId of new Set(inboxIds)) {
    if (!(await findInbox(tx, actor, inboxId))) {
      throw invalid('inbox_ids', `names no inbox of this account: ${inboxId}`, 'not_found')
    }
    await insertMember(tx, { account_id: accountId, inbox_id: inboxId, user_id: userId }, Date.now())
  }
  await logInboxesChange(tx, actor, userId)
}

/**
 * Removes members from an inbox, unassigns them from its conversations, and returns the remaining members. Users who are
 * not members are ignored. Throws `not_found`.
 */
export async function removeMembers(
  database: Database,
  actor: Actor,
  inboxId: number,
  userIds: number[],
): Promise<Member[]> {
  const { accountId } = actor
  const members = await listMembers(database.read, actor, inboxId)
  for (const { id } of members.filter((one) => userIds.includes(one.id))) {
    // An administrator can also work in inboxes without being a member.
    if ((await roleOf(database.read, accountId, id)) === 'administrator') continue
    await inboxConversations.of(database).unassignMost(database, accountId, id, inboxId)
  }
  return database.transaction(accountId, async (tx) => {
    const before = await listMembers(tx, actor, inboxId)
    const removed = before.filter(({ id }) => userIds.includes(id))
    await deleteMembers(tx, accountId, inboxId, userIds)
    for (const { id } of removed) {
      await inboxConversations.of(tx).unassign(tx, accountId, id)
      await logInboxesChange(tx, actor, id)
    }
    return selectMembers(tx, accountId, inboxId)
  })
}
