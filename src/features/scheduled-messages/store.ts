import { type Expression, sql, type Updateable } from 'kysely'
import type { Queries } from '../../db/database.ts'
import { json } from '../../db/json.ts'
import type { Tables } from '../../db/tables.ts'
import { attachmentsOf } from '../attachments/parts.store.ts'
import type { ScheduledMessage } from './schema.ts'

export type Row = Tables['scheduled_messages']
export type Key = Pick<Row, 'account_id' | 'id'>

/** A scheduled message as the API shows it. */
function shown(queries: Queries) {
  const { document, boolean, seconds, stored } = json[queries.engine]
  return document({
    id: sql.ref('m.id'),
    conversation_id: sql.ref('m.conversation_id'),
    author_id: sql.ref('m.author_id'),
    private: boolean('m.private'),
    send_at: seconds('m.send_at'),
    cancel_if_contact_replies: boolean('m.cancel_if_contact_replies'),
    status: sql.ref('m.status'),
    reason: sql.ref('m.reason'),
    created_at: seconds('m.created_at'),
    updated_at: seconds('m.updated_at'),
    content: sql.ref('m.content'),
    attachments: attachmentsOf(json[queries.engine]),
    content_attributes: stored('m.content_attributes'),
    append_signature: boolean('m.append_signature'),
  } satisfies Record<keyof ScheduledMessage, Expression<unknown>>)
}

function ofConversation(queries: Queries, accountId: number, conversationId: number) {
  return queries.sql
    .selectFrom('scheduled_messages as m')
    .where('m.account_id', '=', accountId)
    .where('m.conversation_id', '=', conversationId)
}

export async function selectScheduled(
  queries: Queries,
  accountId: number,
  conversationId: number,
): Promise<ScheduledMessage[]> {
  const all = ofConversation(queries, accountId, conversationId).select(shown(queries).as('shown'))
  const rows = await all.orderBy('m.send_at').orderBy('m.id').execute()
  return rows.map((row) => JSON.parse(row.shown))
}

export async function findScheduled(
  queries: Queries,
  { account_id, id }: Key,
  conversationId: number,
): Promise<ScheduledMessage | undefined> {
  const all = ofConversation(queries, account_id, conversationId).select(shown(queries).as('shown'))
  const row = await all.where('m.id', '=', id).executeTakeFirst()
  return row && JSON.parse(row.shown)
}

export async function countScheduled(
  tx: Queries,
  accountId: number,
  conversationId: number,
): Promise<number> {
  const row = await ofConversation(tx, accountId, conversationId)
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return row.count
}

export function findRow(queries: Queries, { account_id, id }: Key): Promise<Row | undefined> {
  return queries.sql
    .selectFrom('scheduled_messages')
    .selectAll()
    .where('account_id', '=', account_id)
    .where('id', '=', id)
    .executeTakeFirst()
}

export async function insertScheduled(tx: Queries, row: Row): Promise<void> {
  await tx.sql.insertInto('scheduled_messages').values(row).execute()
}

export async function updateScheduled(
  tx: Queries,
  { account_id, id }: Key,
  change: Updateable<Row>,
): Promise<void> {
  const update = tx.sql.updateTable('scheduled_messages').set({ ...change, updated_at: Date.now() })
  await update.where('account_id', '=', account_id).where('id', '=', id).execute()
}

export async function deleteScheduled(tx: Queries, { account_id, id }: Key): Promise<void> {
  await tx.sql
    .deleteFrom('scheduled_messages')
    .where('account_id', '=', account_id)
    .where('id', '=', id)
    .execute()
}

/** Returns the rows of all accounts for which there is something to do at `now` (milliseconds), the earliest first. */
export function selectDue(queries: Queries, now: number, limit: number): Promise<Key[]> {
  return queries.sql
    .selectFrom('scheduled_messages')
    .select(['account_id', 'id'])
    .where('due_at', 'is not', null)
    .where('due_at', '<=', now)
    .orderBy('due_at')
    .limit(limit)
    .execute()
}

/** Returns when there is something to do next, in milliseconds. */
export async function nextDueTime(queries: Queries): Promise<number | undefined> {
  const due = queries.sql.selectFrom('scheduled_messages').select('due_at').where('due_at', 'is not', null)
  const row = await due.orderBy('due_at').limit(1).executeTakeFirst()
  return row?.due_at ?? undefined
}
