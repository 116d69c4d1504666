import { sql, type Updateable } from 'kysely'
import type { Queries } from '../../../db/database.ts'
import { prepare } from '../../../db/prepare.ts'
import { rowsOf } from '../../../db/rows.ts'
import type { Tables } from '../../../db/tables.ts'

/** The contacts with these ids, and when each was changed. */
export async function selectContacts(queries: Queries, accountId: number, ids: number[]) {
  if (ids.length === 0) return []
  const rows = queries.sql.selectFrom('contacts').select(['id', 'updated_at'])
  return rows.where('account_id', '=', accountId).where('id', 'in', ids).execute()
}

export async function updateContactRow(
  tx: Queries,
  id: number,
  { account_id, ...columns }: Updateable<Tables['contacts']> & { account_id: number },
): Promise<void> {
  const update = tx.sql.updateTable('contacts').set(columns).where('account_id', '=', account_id)
  await update.where('id', '=', id).execute()
}

/** Takes all labels from contacts. */
export async function unlabelContacts(tx: Queries, accountId: number, ids: number[]): Promise<void> {
  if (ids.length === 0) return
  const labels = tx.sql.deleteFrom('contact_labels').where('account_id', '=', accountId)
  await labels.where('contact_id', 'in', ids).execute()
}

/** A contact inbox by its key. */
export interface InboxKey {
  inbox_id: number
  source_id: string
}

const contactInboxes = prepare<{ account_id: number; keys: string }>()((builder, p, engine) => {
  const keys = rowsOf(engine, p.keys, { inbox_id: 'bigint', source_id: 'text' })
  // `cross join` makes SQLite start with the list.
  const query = sql<InboxKey & { contact_id: number }>`select x.inbox_id, x.source_id, x.contact_id
    from ${keys} cross join contact_inboxes x
    where x.account_id = ${p.account_id} and x.inbox_id = r.inbox_id and x.source_id = r.source_id`
  return { compile: () => query.compile(builder) }
})

/** The contact inboxes with these keys. */
export async function selectContactInboxes(queries: Queries, account_id: number, keys: InboxKey[]) {
  if (keys.length === 0) return []
  return contactInboxes(queries, { account_id, keys: JSON.stringify(keys) })
}

const conversations = prepare<{ account_id: number; ids: string }>()((builder, p, engine) => {
  const last = (column: string) => sql`(select m.${sql.ref(column)} from messages m
    where m.account_id = c.account_id and m.conversation_id = c.id order by m.id desc limit 1)`
  const query = sql<{
    id: number
    inbox_id: number
    contact_id: number
    last_activity_at: number
    updated_at: number
    merged_into_id: number | null
    last_message_id: number | null
    last_message_at: number | null
  }>`select c.id, c.inbox_id, c.contact_id, c.last_activity_at, c.updated_at,
      c.merged_into_id, ${last('id')} as last_message_id, ${last('created_at')} as last_message_at
    from ${rowsOf(engine, p.ids, { id: 'bigint' })} cross join conversations c
    where c.account_id = ${p.account_id} and c.id = r.id`
  return { compile: () => query.compile(builder) }
})

/** The conversations with these ids, each with the id and the time of its last message. */
export async function selectConversations(queries: Queries, account_id: number, ids: number[]) {
  if (ids.length === 0) return []
  return conversations(queries, { account_id, ids: JSON.stringify([...new Set(ids)].map((id) => ({ id }))) })
}

export async function updateConversationRow(
  tx: Queries,
  id: number,
  { account_id, ...columns }: Updateable<Tables['conversations']> & { account_id: number },
): Promise<void> {
  const update = tx.sql.updateTable('conversations').set(columns).where('account_id', '=', account_id)
  await update.where('id', '=', id).execute()
}

/** Takes all labels from conversations. */
export async function unlabelConversations(tx: Queries, accountId: number, ids: number[]): Promise<void> {
  if (ids.length === 0) return
  const labels = tx.sql.deleteFrom('conversation_labels').where('account_id', '=', accountId)
  await labels.where('conversation_id', 'in', ids).execute()
}

const bump = prepare<{ rows: string }>()((builder, p, engine) => {
  const rows = rowsOf(engine, p.rows, { account_id: 'bigint', id: 'bigint', at: 'bigint' })
  const query = sql`update conversations set version = version + 1,
      last_activity_at = case when last_activity_at < r.at then r.at else last_activity_at end
    from ${rows} where conversations.account_id = r.account_id and conversations.id = r.id`
  return { compile: () => query.compile(builder) }
})

/** Notes that conversations got messages, the last of each at the time `at` (milliseconds). */
export async function bumpConversations(
  tx: Queries,
  rows: { account_id: number; id: number; at: number }[],
): Promise<void> {
  if (rows.length > 0) await bump(tx, { rows: JSON.stringify(rows) })
}

/** A message by its key. */
export interface MessageKey {
  conversation_id: number
  id: number
}

const messages = prepare<{ account_id: number; keys: string }>()((builder, p, engine) => {
  const keys = rowsOf(engine, p.keys, { conversation_id: 'bigint', id: 'bigint' })
  const query = sql<MessageKey & { updated_at: number }>`select m.conversation_id, m.id, m.updated_at
    from ${keys} cross join messages m
    where m.account_id = ${p.account_id} and m.conversation_id = r.conversation_id and m.id = r.id`
  return { compile: () => query.compile(builder) }
})

/** The messages with these keys, and when each was changed. */
export async function selectMessages(queries: Queries, account_id: number, keys: MessageKey[]) {
  if (keys.length === 0) return []
  return messages(queries, { account_id, keys: JSON.stringify(keys) })
}

export async function updateMessageRow(
  tx: Queries,
  accountId: number,
  { conversation_id, id }: MessageKey,
  columns: Updateable<Tables['messages']>,
): Promise<void> {
  const update = tx.sql.updateTable('messages').set(columns).where('account_id', '=', accountId)
  await update.where('conversation_id', '=', conversation_id).where('id', '=', id).execute()
}
