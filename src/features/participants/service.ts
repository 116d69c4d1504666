import type { Database, Queries } from '../../db/database.ts'
import { appendEvent } from '../../events/append.ts'
import { type Actor, systemOf } from '../../lib/actor.ts'
import { invalid, Refusal } from '../../lib/errors.ts'
import { getAccount } from '../accounts/service.ts'
import { lockConversation, subjectOf } from '../conversations/event-log.ts'
import { findCurrentConversationRef } from '../conversations/merged.ts'
import { findConversationRef } from '../conversations/service.ts'
import type { Member } from '../inboxes/schema.ts'
import { mayWorkIn } from '../inboxes/service.ts'
import { markSeenBy } from './parts.store.ts'
import { mostParticipants } from './schema.ts'
import * as store from './store.ts'

/** Returns the users who follow a conversation, ordered by id. Throws `not_found`. */
export async function listParticipants(
  queries: Queries,
  actor: Actor,
  conversationId: number,
): Promise<Member[]> {
  await findConversationRef(queries, actor, conversationId)
  return participantsOf(queries, actor.accountId, conversationId)
}

/** The same without a check of access. */
export function participantsOf(
  queries: Queries,
  accountId: number,
  conversationId: number,
): Promise<Member[]> {
  return store.selectParticipants(queries, { account_id: accountId, conversation_id: conversationId })
}

/**
 * Makes users follow a conversation, and returns all who do. Throws `not_found`, `invalid` for a user who does not work in
 * the inbox, and `limit_reached`.
 */
export function addParticipants(
  database: Database,
  actor: Actor,
  conversationId: number,
  userIds: number[],
): Promise<Member[]> {
  return change(database, actor, conversationId, userIds, () => [])
}

/** Makes users follow a conversation, and nobody else. Throws as `addParticipants` does. */
export function setParticipants(
  database: Database,
  actor: Actor,
  conversationId: number,
  userIds: number[],
): Promise<Member[]> {
  return change(database, actor, conversationId, userIds, (before) =>
    before.map(({ id }) => id).filter((id) => !userIds.includes(id)),
  )
}

/** Ends that users follow a conversation, and returns the others. Users who do not follow it are ignored. */
export function removeParticipants(
  database: Database,
  actor: Actor,
  conversationId: number,
  userIds: number[],
): Promise<Member[]> {
  return change(database, actor, conversationId, [], (before) =>
    before.map(({ id }) => id).filter((id) => userIds.includes(id)),
  )
}

async function change(
  database: Database,
  actor: Actor,
  conversationId: number,
  added: number[],
  removedOf: (before: Member[]) => number[],
): Promise<Member[]> {
  const { accountId } = actor
  return database.transaction(accountId, async (tx) => {
    const { inbox_id } = await lockConversation(tx, actor, conversationId)
    const key = { account_id: accountId, conversation_id: conversationId }
    const before = await participantsOf(tx, accountId, conversationId)
    const removed = removedOf(before)
    const now = Date.now()
    if (removed.length > 0) await store.leave(tx, key, removed, now)
    for (const user_id of new Set(added)) {
      if (before.some(({ id }) => id === user_id)) continue
      if (!(await mayWorkIn(tx, accountId, inbox_id, user_id)))
        throw invalid('user_ids', `must be members of this inbox or administrators: ${user_id}`, 'not_found')
      await store.insertParticipant(tx, { ...key, user_id, inbox_id, created_at: now })
    }
    return logParticipants(tx, actor, conversationId, before)
  })
}

/**
 * Makes a user follow a conversation because of something that happened at a time (milliseconds), unless they have
 * stopped following it since, do not work in the inbox, or the conversation has too many participants. Appends no
 * event: the log would get two for many messages, and who reads it knows from the first one. Returns the conversation
 * that the user now follows; undefined if nothing has changed.
 */
export async function follow(
  tx: Queries,
  accountId: number,
  conversationId: number,
  userId: number,
  at: number,
): Promise<number | undefined> {
  const keyOf = (conversation_id: number) => ({ account_id: accountId, conversation_id, user_id: userId })
  const row = await store.findRow(tx, keyOf(conversationId))
  if (row && (row.left_at === null || row.left_at >= at)) return undefined
  const { id, inbox_id } = await findCurrentConversationRef(tx, systemOf(accountId), conversationId)
  // It was merged since.
  if (id !== conversationId) return follow(tx, accountId, id, userId, at)
  if (!(await mayWorkIn(tx, accountId, inbox_id, userId))) return undefined
  if ((await participantsOf(tx, accountId, id)).length >= mostParticipants) return undefined
  await store.insertParticipant(tx, { ...keyOf(id), inbox_id, created_at: at })
  return id
}

/** Makes a user follow a conversation, as `follow` does, because a note mentions them, and records that it does. */
export async function followMention(
  tx: Queries,
  accountId: number,
  conversationId: number,
  userId: number,
  at: number,
): Promise<number | undefined> {
  const followed = await follow(tx, accountId, conversationId, userId, at)
  const { id } = await findCurrentConversationRef(tx, systemOf(accountId), conversationId)
  await store.markMentioned(tx, { account_id: accountId, conversation_id: id, user_id: userId }, at)
  return followed
}

// Other transactions of the account wait for those that delete rows.
const deletedTogether = 200

/**
 * Deletes some of what a user follows in inboxes in which they no longer work. Returns whether there may be more. Events of
 * it are not logged: nobody sees them in a list of participants as soon as they have left the inbox.
 */
export async function leaveForeignInboxes(tx: Queries, accountId: number, userId: number): Promise<boolean> {
  for (const inbox_id of await store.selectForeignInboxes(tx, accountId, userId)) {
    if (await mayWorkIn(tx, accountId, inbox_id, userId)) continue
    await store.deleteSome(tx, { account_id: accountId, user_id: userId, inbox_id }, deletedTogether)
    return true
  }
  return false
}

/** Deletes most of what a user follows, in several transactions, before their membership ends. */
export async function leaveMost(database: Database, accountId: number, userId: number): Promise<void> {
  const key = { account_id: accountId, user_id: userId }
  const step = () => database.transaction(accountId, (tx) => store.deleteSome(tx, key, deletedTogether))
  while ((await step()) === deletedTogether);
}

/** Returns the participants, and appends an event if they have changed. Throws `limit_reached` if they are too many. */
async function logParticipants(
  tx: Queries,
  actor: Actor,
  conversationId: number,
  before: Member[],
): Promise<Member[]> {
  const { accountId } = actor
  const after = await participantsOf(tx, accountId, conversationId)
  if (after.length > mostParticipants)
    throw new Refusal('limit_reached', `a conversation has at most ${mostParticipants} participants`)
  const [was, is] = [before, after].map((list) => list.map(({ id, name }) => ({ id, name })))
  if (JSON.stringify(was) === JSON.stringify(is)) return after
  const subject = await subjectOf(tx, accountId, conversationId)
  const conversation = { id: conversationId, inbox_id: subject.inbox_id }
  const account = await getAccount(tx, accountId)
  const event = 'participants_changed'
  const data = {
    event,
    id: conversationId,
    conversation,
    participants: is,
    changed: ['participants'],
    account,
  }
  const previous = { participants: was }
  await appendEvent(tx, actor, {
    ...subject,
    name: event,
    audience: 'agents',
    data: JSON.stringify(data),
    before: previous,
  })
  return after
}

/** Records that the actor has seen new messages of a conversation that they follow. */
export async function noteSeenBy(tx: Queries, { accountId, userId }: Actor, id: number): Promise<void> {
  await markSeenBy(tx, { account_id: accountId, conversation_id: id, user_id: userId, now: Date.now() })
}
