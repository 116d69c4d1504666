import { sql } from 'kysely'
import type { Queries } from '../../db/database.ts'
import { detachEvents } from './event.store.ts'

/** Where messages are moved. */
export interface Move {
  account_id: number
  from_id: number
  to_id: number
}

/** The first messages of a conversation from an id on. */
export async function selectMessageIds(
  tx: Queries,
  {
    account_id,
    from_id,
    first_message_id,
  }: { account_id: number; from_id: number; first_message_id: number },
  limit: number,
): Promise<number[]> {
  const rows = await ofConversation(tx, account_id, from_id)
    .select('id')
    .where('id', '>=', first_message_id)
    .orderBy('id')
    .limit(limit)
    .execute()
  return rows.map(({ id }) => id)
}

function ofConversation(queries: Queries, accountId: number, conversationId: number) {
  return queries.sql
    .selectFrom('messages')
    .where('account_id', '=', accountId)
    .where('conversation_id', '=', conversationId)
}

/** Returns those of these messages that are in a conversation. */
export async function selectPresent(
  queries: Queries,
  accountId: number,
  conversationId: number,
  ids: readonly number[],
): Promise<number[]> {
  if (ids.length === 0) return []
  const rows = await ofConversation(queries, accountId, conversationId)
    .select('id')
    .where('id', 'in', ids)
    .orderBy('id')
    .execute()
  return rows.map(({ id }) => id)
}

/** Whether a conversation has a message before this one. */
export async function hasMessageBefore(tx: Queries, accountId: number, conversationId: number, id: number) {
  const before = ofConversation(tx, accountId, conversationId).select('id').where('id', '<', id)
  return (await before.limit(1).executeTakeFirst()) !== undefined
}

/** Whether a conversation has a message besides these. */
export async function hasOtherMessage(tx: Queries, accountId: number, conversationId: number, ids: number[]) {
  const others = ofConversation(tx, accountId, conversationId).select('id').where('id', 'not in', ids)
  return (await others.limit(1).executeTakeFirst()) !== undefined
}

/** When the last of the messages from an id on, or of these messages, was created. */
export async function lastTime(
  tx: Queries,
  accountId: number,
  conversationId: number,
  { from, ids }: { from: number; ids?: number[] | undefined },
): Promise<number | undefined> {
  let messages = ofConversation(tx, accountId, conversationId).select('created_at').where('id', '>=', from)
  if (ids) messages = messages.where('id', 'in', ids)
  return (await messages.orderBy('id', 'desc').limit(1).executeTakeFirst())?.created_at
}

/** How many messages of the contact are newer than `since` and from an id on, or among these messages; at most `limit`. */
export async function countUnread(
  tx: Queries,
  accountId: number,
  conversationId: number,
  { from, ids, since, limit }: { from: number; ids?: number[] | undefined; since: number; limit: number },
): Promise<number> {
  let messages = ofConversation(tx, accountId, conversationId)
    .select('id')
    .where('created_at', '>', since)
    .where('id', '>=', from)
    .where('message_type', '=', 'incoming')
    .where('deleted_at', 'is', null)
  if (ids) messages = messages.where('id', 'in', ids)
  return (await messages.limit(limit).execute()).length
}

/** Moves messages, and all rows that say in which conversation they are. Their ids, and so their order, stay. */
export async function moveMessages(
  tx: Queries,
  { account_id, from_id, to_id }: Move,
  ids: readonly number[],
): Promise<void> {
  if (ids.length === 0) return
  await tx.sql
    .updateTable('messages')
    .set({ conversation_id: to_id })
    .where('account_id', '=', account_id)
    .where('conversation_id', '=', from_id)
    .where('id', 'in', ids)
    .execute()
  // The trigger increases only the version of the other one.
  await tx.sql
    .updateTable('conversations')
    .set((eb) => ({ version: eb('version', '+', 1) }))
    .where('account_id', '=', account_id)
    .where('id', '=', from_id)
    .execute()
  for (const table of ['guest_messages', 'mails'] as const) {
    await tx.sql
      .updateTable(table)
      .set({ conversation_id: to_id })
      .where('account_id', '=', account_id)
      .where('message_id', 'in', ids)
      .execute()
  }
  await detachEvents(tx, { account_id, to_id }, ids)
  await tx.sql
    .updateTable('search_documents')
    .set({ conversation_id: to_id })
    .where('account_id', '=', account_id)
    .where('subject', '=', 'message')
    .where('subject_id', 'in', ids)
    .execute()
}

/** Returns the texts of those of these messages that are not indexed for the search yet. */
export async function selectUnindexed(tx: Queries, accountId: number, conversationId: number, ids: number[]) {
  const rows = await ofConversation(tx, accountId, conversationId)
    .select(['id', 'content'])
    .where('id', 'in', ids)
    .where('message_type', '<>', 'activity')
    .where('content', 'is not', null)
    .where(
      sql<boolean>`not exists (select 1 from search_documents d where d.account_id = messages.account_id
        and d.subject = 'message' and d.subject_id = messages.id)`,
    )
    .execute()
  return rows.map(({ id, content }) => ({
    ...{ subject: 'message' as const, subject_id: id, conversation_id: conversationId },
    text: content ?? '',
  }))
}

/** The addresses that take part in a conversation take part in the other one, too. */
export async function copyPeople(tx: Queries, { account_id, from_id, to_id }: Move): Promise<void> {
  await sql`insert into mail_people (account_id, conversation_id, address)
    select account_id, ${to_id}, address from mail_people
      where account_id = ${account_id} and conversation_id = ${from_id}`.execute(tx.sql)
}

// How far the clocks of two nodes may differ, in milliseconds.
const clockSlack = 60_000

/**
 * Whether the messages of two conversations together are in the order of their times. Messages that were imported have
 * earlier times than their ids say. It reads all messages of both.
 */
export async function isInOrder(queries: Queries, accountId: number, one: number, other: number) {
  const { rows } = await sql`select 1 from (
      select created_at, max(created_at) over (order by id rows between unbounded preceding and 1 preceding) as latest
        from messages where account_id = ${accountId} and conversation_id in (${one}, ${other})) m
    where latest > created_at + ${clockSlack} limit 1`.execute(queries.sql)
  return rows.length === 0
}

/** The conversation that a message came to by its last move; undefined if it was not moved within a week. */
export async function findMovedTo(
  queries: Queries,
  accountId: number,
  messageId: number,
): Promise<number | undefined> {
  const row = await queries.sql
    .selectFrom('moved_messages as w')
    .innerJoin('conversation_moves as v', (join) =>
      join.onRef('v.account_id', '=', 'w.account_id').onRef('v.id', '=', 'w.move_id'),
    )
    .select('v.to_id')
    .where('w.account_id', '=', accountId)
    .where('w.message_id', '=', messageId)
    .orderBy('w.move_id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.to_id
}
