import { type Insertable, type Kysely, type RawBuilder, type Selectable, sql, type Updateable } from 'kysely'
import type { Queries } from '../../db/database.ts'
import { limitOf, prepare } from '../../db/prepare.ts'
import type { Tables } from '../../db/tables.ts'
import { type Actor, seesAllInboxes } from '../../lib/actor.ts'
import type { Conversation } from './schema.ts'

/** A conversation as rules need it. */
export interface Place {
  id: number
  inbox_id: number
  contact_id: number
  channel_type: 'api' | 'web_widget'
  status: Conversation['status']
  last_activity_at: number
  /** Grows with every change of what its messages show. */
  version: number
}

/** A conversation, and who asks for it. */
export interface Whose {
  account_id: number
  conversation_id: number
  user_id: number
  /** 1 for who works in every inbox of the account. */
  sees_all: number
}

/** The Place that `p` names: a query to build others on, without a row where it must not be seen. */
export function placeQuery(builder: Kysely<Tables>, p: Whose) {
  return builder
    .selectFrom('conversations as c')
    .innerJoin('inboxes as i', (join) =>
      join.onRef('i.account_id', '=', 'c.account_id').onRef('i.id', '=', 'c.inbox_id'),
    )
    .select([
      'c.id',
      'c.inbox_id',
      'c.contact_id',
      'c.last_activity_at',
      'c.version',
      'c.status',
      'i.channel_type',
    ])
    .where('c.account_id', '=', p.account_id)
    .where('c.id', '=', p.conversation_id)
    .where(isVisible(p))
}

/** Whether the inbox of the conversation `c` is one that somebody works in. */
export function isVisible(p: Pick<Whose, 'user_id' | 'sees_all'>) {
  return sql<boolean>`(${p.sees_all} = 1 or exists (select 1 from inbox_members m
    where m.account_id = c.account_id and m.inbox_id = c.inbox_id and m.user_id = ${p.user_id}))`
}

const findPlace = prepare<Whose>()(placeQuery)

export function whose(actor: Actor, conversationId: number): Whose {
  return {
    account_id: actor.accountId,
    conversation_id: conversationId,
    user_id: actor.userId,
    sees_all: seesAllInboxes(actor) ? 1 : 0,
  }
}

/** The conversation, if it exists and the actor may work in its inbox. */
export async function selectPlace(queries: Queries, actor: Actor, id: number): Promise<Place | undefined> {
  const [row] = await findPlace(queries, whose(actor, id))
  return row
}

/** What a new message does to its conversation: it moves up, and may count as unread. */
export interface Move extends Whose {
  /** Milliseconds. */
  now: number
  unread: number
  /** The only kind of inbox that may have it; null for any. */
  only_in: Place['channel_type'] | null
  /** 1 where the conversation must not be resolved or snoozed: then it has to be opened first. */
  only_open: number
}

/** Whether the conversation `c` of the inbox `i` may have the message. */
export function mayMove(p: Move): RawBuilder<boolean> {
  return sql`(${p.only_open} = 0 or c.status not in ('resolved', 'snoozed'))
    and coalesce(cast(${p.only_in} as text), i.channel_type) = i.channel_type and ${isVisible(p)}`
}

/** The columns of the conversation `c` after a message. */
export function afterMove({ at, unread }: { at: RawBuilder<number>; unread: RawBuilder<number> }) {
  return {
    last_activity_at: at,
    updated_at: at,
    version: sql<number>`c.version + 1`,
    unread_count: sql<number>`c.unread_count + ${unread}`,
  }
}

/**
 * The statement that moves a conversation: no row where the actor must not see it, the inbox must not have the message
 * or the conversation is to be opened first. It gives the conversation's `inbox_id`, `contact_id` and the time `at` of
 * the message. Times and ids grow together in a conversation, even when a clock is set back: pages by time rely on it.
 */
export function moveConversation(builder: Kysely<Tables>, p: Move) {
  const at = sql<number>`case when ${p.now} > c.last_activity_at then ${p.now} else c.last_activity_at end`
  return builder
    .updateTable('conversations as c')
    .from('inboxes as i')
    .set(afterMove({ at, unread: sql`${p.unread}` }))
    .whereRef('i.account_id', '=', 'c.account_id')
    .whereRef('i.id', '=', 'c.inbox_id')
    .where('c.account_id', '=', p.account_id)
    .where('c.id', '=', p.conversation_id)
    .where(mayMove(p))
    .returning(['inbox_id', 'contact_id', 'last_activity_at as at'])
}

/** One unread message less, if the deleted one was unread. */
export async function forgetUnread(
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

/** Changes columns of a conversation. */
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

/** The row of a conversation. */
export type Row = Selectable<Tables['conversations']>

const row = prepare<Whose>()((builder, p, engine) => {
  const found = builder
    .selectFrom('conversations as c')
    .selectAll('c')
    .where('c.account_id', '=', p.account_id)
    .where('c.id', '=', p.conversation_id)
    .where(isVisible(p))
  return engine === 'postgres' ? found.forUpdate() : found
})

/**
 * The conversation's row, which nobody changes until the transaction ends, not even by a message; undefined where there
 * is none or the actor must not see it.
 */
export async function lockRow(tx: Queries, actor: Actor, id: number): Promise<Row | undefined> {
  return (await row(tx, whose(actor, id)))[0]
}

const due = prepare<{ now: number; limit: number }>()((builder, p) =>
  builder
    .selectFrom('conversations')
    .select(['account_id', 'id'])
    .where('status', '=', sql.lit('snoozed'))
    .where('snoozed_until', '<=', p.now)
    .orderBy('snoozed_until')
    .limit(limitOf(p.limit)),
)

/** The snoozed conversations of all accounts whose time has come by `now` (milliseconds), the earliest first. */
export function selectDue(queries: Queries, now: number, limit: number) {
  return due(queries, { now, limit })
}

const nameOfUser = prepare<{ id: number }>()((builder, p) =>
  builder.selectFrom('users').select('name').where('id', '=', p.id),
)

/** What a user is called; undefined where there is none. */
export async function findUserName(queries: Queries, id: number): Promise<string | undefined> {
  return (await nameOfUser(queries, { id }))[0]?.name
}

/** Puts labels on a conversation, and takes others off. */
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

/** Erases a conversation whose messages are erased, and what the log tells of it. */
export async function deleteConversation(tx: Queries, accountId: number, id: number): Promise<void> {
  await tx.sql
    .deleteFrom('events')
    .where('account_id', '=', accountId)
    .where('conversation_id', '=', id)
    .where('message_id', 'is', null)
    .execute()
  await tx.sql.deleteFrom('conversations').where('account_id', '=', accountId).where('id', '=', id).execute()
}

/** Takes a user off the conversations of inboxes where they do not work (any more); gives their numbers. */
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

/** Assigns the conversations of a user to another one; returns their numbers. */
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

/** The conversations of an inbox, at most `limit`. */
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
    .orderBy('id')
    .limit(limit)
    .execute()
  return rows.map(({ id }) => id)
}

export async function insertConversation(
  tx: Queries,
  row: Insertable<Tables['conversations']>,
): Promise<void> {
  await tx.sql.insertInto('conversations').values(row).execute()
}
