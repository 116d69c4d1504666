import { sql, type Updateable } from 'kysely'
import type { Queries } from '../../db/database.ts'
import type { Tables } from '../../db/tables.ts'

export type Row = Tables['conversation_moves']
export type Key = Pick<Row, 'account_id' | 'id'>

export async function insertMove(tx: Queries, row: Row): Promise<void> {
  await tx.sql.insertInto('conversation_moves').values(row).execute()
}

export function findMove(queries: Queries, { account_id, id }: Key): Promise<Row | undefined> {
  const all = queries.sql.selectFrom('conversation_moves').selectAll().where('account_id', '=', account_id)
  return all.where('id', '=', id).executeTakeFirst()
}

export async function updateMove(tx: Queries, { account_id, id }: Key, change: Updateable<Row>) {
  const update = tx.sql.updateTable('conversation_moves').set({ ...change, updated_at: Date.now() })
  await update.where('account_id', '=', account_id).where('id', '=', id).execute()
}

export async function deleteMove(tx: Queries, { account_id, id }: Key): Promise<void> {
  const moves = tx.sql.deleteFrom('conversation_moves').where('account_id', '=', account_id)
  await moves.where('id', '=', id).execute()
}

/** Whether messages are being moved from or to one of these conversations. */
export async function isMoving(tx: Queries, accountId: number, ids: readonly number[]): Promise<boolean> {
  const row = await tx.sql
    .selectFrom('conversation_moves')
    .select('id')
    .where('account_id', '=', accountId)
    .where('status', '<>', sql.lit('done' as const))
    .where((eb) => eb.or([eb('from_id', 'in', ids), eb('to_id', 'in', ids)]))
    .executeTakeFirst()
  return row !== undefined
}

/** The merge that has moved the messages of a conversation; undefined if there is none. */
export function findMergeOf(queries: Queries, accountId: number, fromId: number): Promise<Row | undefined> {
  const all = queries.sql.selectFrom('conversation_moves').selectAll().where('account_id', '=', accountId)
  const merges = all.where('from_id', '=', fromId).where('kind', '=', 'merge')
  return merges.orderBy('id', 'desc').limit(1).executeTakeFirst()
}

/** The split that has created a conversation; undefined if there is none. */
export function findSplitTo(queries: Queries, accountId: number, toId: number): Promise<Row | undefined> {
  const all = queries.sql.selectFrom('conversation_moves').selectAll().where('account_id', '=', accountId)
  const splits = all.where('to_id', '=', toId).where('kind', '=', 'split')
  return splits.orderBy('id').limit(1).executeTakeFirst()
}

/** A conversation that was merged into this one. */
export async function findMergedInto(queries: Queries, accountId: number, id: number) {
  const all = queries.sql.selectFrom('conversations').select('id').where('account_id', '=', accountId)
  return (await all.where('merged_into_id', '=', id).limit(1).executeTakeFirst())?.id
}

/** Whether the new conversation of a split has messages that did not come with it. */
export async function hasNewMessage(queries: Queries, { account_id, id, to_id }: Row): Promise<boolean> {
  const { rows } =
    await sql`select 1 from messages where account_id = ${account_id} and conversation_id = ${to_id}
      and message_type <> 'activity' and id > (select max(message_id) from moved_messages
        where account_id = ${account_id} and move_id = ${id}) limit 1`.execute(queries.sql)
  return rows.length > 0
}

/** Ends the time in which the split of a conversation from another one can be undone. */
export async function expireSplit(
  tx: Queries,
  { account_id, from_id, to_id }: Pick<Row, 'account_id' | 'from_id' | 'to_id'>,
): Promise<void> {
  const split = await findSplitTo(tx, account_id, to_id)
  if (split?.from_id !== from_id || split.expires_at === null) return
  await updateMove(tx, split, { expires_at: Math.min(split.expires_at, Date.now()) })
}

/** The latest moves from or to a conversation, with the names of the users. */
export async function selectMoves(
  queries: Queries,
  accountId: number,
  conversationId: number,
  beforeId: number,
  limit: number,
) {
  const one = (column: 'from_id' | 'to_id') =>
    queries.sql
      .selectFrom('conversation_moves')
      .selectAll()
      .where('account_id', '=', accountId)
      .where(column, '=', conversationId)
      .where('id', '<', beforeId)
      .orderBy('id', 'desc')
      .limit(limit)
  const [from, to] = await Promise.all([one('from_id').execute(), one('to_id').execute()])
  return [...from, ...to].sort((a, b) => b.id - a.id).slice(0, limit)
}

export async function findUserNames(queries: Queries, ids: readonly number[]): Promise<Map<number, string>> {
  if (ids.length === 0) return new Map()
  const rows = await queries.sql.selectFrom('users').select(['id', 'name']).where('id', 'in', ids).execute()
  return new Map(rows.map(({ id, name }) => [id, name]))
}

function unfinished(queries: Queries) {
  const all = queries.sql.selectFrom('conversation_moves').selectAll()
  return all.where('status', '<>', sql.lit('done' as const))
}

/** Returns moves of all accounts that are not done and were not continued since `before`, the oldest first. */
export function selectUnfinished(queries: Queries, before: number, limit: number): Promise<Row[]> {
  // A literal, or the index of those that are not done would not fit.
  const all = unfinished(queries)
  return all.where('updated_at', '<', before).orderBy('updated_at').limit(limit).execute()
}

export function findExpired(queries: Queries, now: number): Promise<Row | undefined> {
  const all = queries.sql.selectFrom('conversation_moves').selectAll().where('status', '=', 'done')
  return all.where('expires_at', '<', now).orderBy('expires_at').limit(1).executeTakeFirst()
}

/** Forgets some of the messages of a move, and returns how many. */
export async function deleteTraces(tx: Queries, { account_id, id }: Key, limit: number): Promise<number> {
  const rows = await selectTraces(tx, { account_id, id }, limit)
  await deleteTracesOf(
    tx,
    { account_id, id },
    rows.map(({ message_id }) => message_id),
  )
  return rows.length
}

export function selectTraces(tx: Queries, { account_id, id }: Key, limit: number) {
  return tx.sql
    .selectFrom('moved_messages')
    .select(['message_id', 'idempotency_key'])
    .where('account_id', '=', account_id)
    .where('move_id', '=', id)
    .orderBy('message_id')
    .limit(limit)
    .execute()
}

export async function deleteTracesOf(tx: Queries, { account_id, id }: Key, messageIds: readonly number[]) {
  if (messageIds.length === 0) return
  const traces = tx.sql.deleteFrom('moved_messages').where('account_id', '=', account_id)
  await traces.where('move_id', '=', id).where('message_id', 'in', messageIds).execute()
}

/** Remembers messages that are about to be moved, and their idempotency keys if the other conversation has these, too. */
export async function insertTraces(tx: Queries, { account_id, id, from_id, to_id }: Row, ids: number[]) {
  await sql`insert into moved_messages (account_id, move_id, message_id, idempotency_key)
    select m.account_id, ${id}, m.id, case when m.idempotency_key is not null and exists (
        select 1 from messages t where t.account_id = m.account_id and t.conversation_id = ${to_id}
          and t.idempotency_key = m.idempotency_key) then m.idempotency_key end
      from messages m where m.account_id = ${account_id} and m.conversation_id = ${from_id} and m.id in (${sql.join(ids)})`.execute(
    tx.sql,
  )
  // Two messages of a conversation cannot have one key. Whoever repeats the request gets the message that keeps it.
  await sql`update messages set idempotency_key = null
    where account_id = ${account_id} and conversation_id = ${from_id} and id in (
      select w.message_id from moved_messages w where w.account_id = ${account_id} and w.move_id = ${id}
        and w.message_id in (${sql.join(ids)}) and w.idempotency_key is not null)`.execute(tx.sql)
}

export async function restoreIdempotencyKey(
  tx: Queries,
  { account_id, from_id }: Row,
  id: number,
  key: string,
): Promise<void> {
  const messages = tx.sql.updateTable('messages').set({ idempotency_key: key })
  await messages
    .where('account_id', '=', account_id)
    .where('conversation_id', '=', from_id)
    .where('id', '=', id)
    .execute()
}
