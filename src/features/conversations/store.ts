import { type Insertable, type Selectable, sql, type Updateable } from 'kysely'
import type { Queries } from '../../db/database.ts'
import { json } from '../../db/json.ts'
import { prepare } from '../../db/prepare.ts'
import type { Tables } from '../../db/tables.ts'
import type { Actor } from '../../lib/actor.ts'
import { any } from './counts.store.ts'
import {
  type ConversationRef,
  type ConversationScope,
  conversationRefQuery,
  isVisible,
  scopeOf,
} from './parts.store.ts'

const findRef = prepare<ConversationScope>()(conversationRefQuery)

/** Returns the conversation if it exists and the actor may work in its inbox. */
export async function selectConversationRef(
  queries: Queries,
  actor: Actor,
  id: number,
): Promise<ConversationRef | undefined> {
  const [row] = await findRef(queries, scopeOf(actor, id))
  return row
}

/** Decreases the unread count if the message created at `createdAt` (milliseconds) was unread. */
export async function decreaseUnread(
  tx: Queries,
  accountId: number,
  id: number,
  createdAt: number,
): Promise<void> {
  await tx.sql
    .updateTable('conversations')
    .set((eb) => ({ unread_count: eb('unread_count', '-', 1) }))
    .where('account_id', '=', accountId)
    .where('id', '=', id)
    .where('unread_count', '>', 0)
    .where((eb) => eb.or([eb('agent_last_seen_at', 'is', null), eb('agent_last_seen_at', '<', createdAt)]))
    .execute()
}

/** Sets columns of a conversation, and its `updated_at`. */
export async function updateConversation(
  tx: Queries,
  accountId: number,
  id: number,
  change: Updateable<Tables['conversations']>,
): Promise<void> {
  await tx.sql
    .updateTable('conversations')
    .set({ ...change, updated_at: Date.now() })
    .where('account_id', '=', accountId)
    .where('id', '=', id)
    .execute()
}

export type Row = Selectable<Tables['conversations']>

const rowForUpdate = prepare<ConversationScope>()((builder, p, engine) => {
  const query = builder
    .selectFrom('conversations as c')
    .selectAll('c')
    .where('c.account_id', '=', p.account_id)
    .where('c.id', '=', p.conversation_id)
    .where(isVisible(p))
  return engine === 'postgres' ? query.forUpdate() : query
})

/**
 * Returns the conversation's row and locks it until the transaction ends, against new messages too. Returns undefined
 * if it does not exist or the actor may not see it.
 */
export async function lockRow(tx: Queries, actor: Actor, id: number): Promise<Row | undefined> {
  return (await rowForUpdate(tx, scopeOf(actor, id)))[0]
}

/** Returns the conversations that were merged into one, and locks them. */
export function lockMerged(tx: Queries, accountId: number, id: number): Promise<Row[]> {
  const all = tx.sql.selectFrom('conversations').selectAll().where('account_id', '=', accountId)
  const merged = all.where('merged_into_id', '=', id).orderBy('id')
  return (tx.engine === 'postgres' ? merged.forUpdate() : merged).execute()
}

const dueSnoozed = prepare<{ now: number; limit: number }>()((builder, p, engine) => {
  // SQLite has no statistics: it would read and sort all snoozed conversations.
  const index = sql.raw(engine === 'sqlite' ? 'indexed by conversations_waking' : '')
  const query = sql<{ account_id: number; id: number }>`select account_id, id from conversations ${index}
    where status = 'snoozed' and snoozed_until <= ${p.now} order by snoozed_until limit ${p.limit}`
  return { compile: () => query.compile(builder) }
})

/** Returns the snoozed conversations of all accounts that are due at `now` (milliseconds), the earliest first. */
export function selectDueSnoozed(queries: Queries, now: number, limit: number) {
  return dueSnoozed(queries, { now, limit })
}

const nameOfUser = prepare<{ id: number }>()((builder, p) =>
  builder.selectFrom('users').select('name').where('id', '=', p.id),
)

/** Returns the name of a user, or undefined. */
export async function findUserName(queries: Queries, id: number): Promise<string | undefined> {
  return (await nameOfUser(queries, { id }))[0]?.name
}

/** Adds labels to a conversation and removes others, by id. */
export async function updateLabels(
  tx: Queries,
  key: { account_id: number; conversation_id: number },
  added: number[],
  removed: number[],
): Promise<void> {
  const rows = added.map((label_id) => ({ ...key, label_id }))
  if (rows.length > 0) await tx.sql.insertInto('conversation_labels').values(rows).execute()
  if (removed.length === 0) return
  await tx.sql
    .deleteFrom('conversation_labels')
    .where('account_id', '=', key.account_id)
    .where('conversation_id', '=', key.conversation_id)
    .where('label_id', 'in', removed)
    .execute()
}

/** Deletes a conversation whose messages have been erased, and its events. */
export async function deleteConversation(tx: Queries, accountId: number, id: number): Promise<void> {
  await tx.sql
    .deleteFrom('events')
    .where('account_id', '=', accountId)
    .where('conversation_id', '=', id)
    .where('message_id', 'is', null)
    .execute()
  await tx.sql.deleteFrom('conversations').where('account_id', '=', accountId).where('id', '=', id).execute()
}

/**
 * Unassigns a user from the conversations of inboxes in which they do not work. Returns the ids of these
 * conversations.
 */
export async function unassignForeign(tx: Queries, accountId: number, userId: number): Promise<number[]> {
  const rows = await tx.sql
    .updateTable('conversations')
    .set({ assignee_id: null, updated_at: Date.now() })
    .where('account_id', '=', accountId)
    .where('assignee_id', '=', userId)
    .where(
      sql<boolean>`not exists (select 1 from account_users a where a.account_id = conversations.account_id
        and a.user_id = conversations.assignee_id and a.role = 'administrator')`,
    )
    .where(
      sql<boolean>`not exists (select 1 from inbox_members m where m.account_id = conversations.account_id
        and m.inbox_id = conversations.inbox_id and m.user_id = conversations.assignee_id)`,
    )
    .returning('id')
    .execute()
  return rows.map(({ id }) => id).sort((a, b) => a - b)
}

/** Which of the conversations that are assigned to a user: those of an inbox, or of inboxes without them as a member. */
export type AssignedIn = 'all inboxes' | 'inboxes of others' | { inboxId: number }

/** Returns the ids of conversations that are assigned to a user. It may read all conversations of the account. */
export async function selectAssigned(
  queries: Queries,
  accountId: number,
  userId: number,
  where: AssignedIn,
): Promise<number[]> {
  let query = queries.sql
    .selectFrom('conversations as c')
    .select('c.id')
    .where('c.account_id', '=', accountId)
    .where('c.assignee_id', '=', userId)
  if (where === 'inboxes of others') {
    query = query.where(
      sql<boolean>`not exists (select 1 from inbox_members m where m.account_id = c.account_id
        and m.inbox_id = c.inbox_id and m.user_id = c.assignee_id)`,
    )
  } else if (where !== 'all inboxes') query = query.where('c.inbox_id', '=', where.inboxId)
  const rows = await query.orderBy('c.id').execute()
  return rows.map(({ id }) => id)
}

/** Unassigns a user from those of these conversations that are assigned to them, and returns their ids. */
export async function unassign(
  tx: Queries,
  accountId: number,
  userId: number,
  ids: readonly number[],
): Promise<number[]> {
  const rows = await tx.sql
    .updateTable('conversations')
    .set({ assignee_id: null, updated_at: Date.now() })
    .where('account_id', '=', accountId)
    .where('id', 'in', ids)
    .where('assignee_id', '=', userId)
    .returning('id')
    .execute()
  return rows.map(({ id }) => id).sort((a, b) => a - b)
}

/** Assigns the conversations of a user to another user, and returns their ids. */
export async function reassign(
  tx: Queries,
  accountId: number,
  fromId: number,
  toId: number,
): Promise<number[]> {
  const rows = await tx.sql
    .updateTable('conversations')
    .set({ assignee_id: toId, updated_at: Date.now() })
    .where('account_id', '=', accountId)
    .where('assignee_id', '=', fromId)
    .returning('id')
    .execute()
  return rows.map(({ id }) => id).sort((a, b) => a - b)
}

/** Returns the ids of conversations of an inbox, at most `limit`. */
export async function idsOfInbox(
  queries: Queries,
  accountId: number,
  inboxId: number,
  limit: number,
): Promise<number[]> {
  const rows = await queries.sql
    .selectFrom('conversations')
    .select('id')
    .where('account_id', '=', accountId)
    .where('inbox_id', '=', inboxId)
    .limit(limit)
    .execute()
  return rows.map(({ id }) => id)
}

/** Those of these conversations that are assigned to a bot; `ids` is a JSON list. */
export const selectAssignedBots = prepare<{ accountId: number; ids: string }>()((builder, p, engine) =>
  builder
    .selectFrom('conversations')
    .select(['id', sql<number>`assignee_bot_id`.as('bot_id')])
    .where('account_id', '=', p.accountId)
    .where(json[engine].isIn(sql`id`, p.ids, 'bigint'))
    .where('assignee_bot_id', 'is not', null),
)

export async function insertConversation(
  tx: Queries,
  row: Insertable<Tables['conversations']>,
): Promise<void> {
  await tx.sql.insertInto('conversations').values(row).execute()
}

/** Returns the number of open conversations of all accounts. Its cost grows with the accounts, not with theirs. */
export async function selectOpenCount(queries: Queries): Promise<number> {
  const counts = queries.sql.selectFrom('conversation_counts').select((eb) => eb.fn.sum('value').as('open'))
  const everything = counts
    .where('inbox_id', '=', any)
    .where('assignee_id', '=', any)
    .where('team_id', '=', any)
  const row = await everything
    .where('account_id', 'in', (eb) => eb.selectFrom('accounts').select('id'))
    .where('status', '=', 'open')
    .executeTakeFirst()
  return Number(row?.open ?? 0)
}
