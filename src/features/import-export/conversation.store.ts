import { sql } from 'kysely'
import type { Queries } from '../../db/database.ts'
import { prepare } from '../../db/prepare.ts'
import { inserter, rowsOf } from '../../db/rows.ts'

export const insertConversations = inserter('conversations', {
  account_id: 'bigint',
  id: 'bigint',
  inbox_id: 'bigint',
  contact_id: 'bigint',
  source_id: 'text',
  status: 'text',
  priority: 'text',
  assignee_id: 'bigint',
  assignee_bot_id: 'bigint',
  team_id: 'bigint',
  snoozed_until: 'bigint',
  unread_count: 'bigint',
  custom_attributes: 'text',
  additional_attributes: 'text',
  last_activity_at: 'bigint',
  agent_last_seen_at: 'bigint',
  contact_last_seen_at: 'bigint',
  created_at: 'bigint',
  updated_at: 'bigint',
  origin_id: 'text',
  subject: 'text',
})

export const insertLabels = inserter('conversation_labels', {
  account_id: 'bigint',
  conversation_id: 'bigint',
  label_id: 'bigint',
})

/**
 * The conversations with these values of `source_id` in files, or with these ids. With `locked` nobody else can change them
 * until the transaction ends, not even with a message.
 */
export async function selectConversations(
  queries: Queries,
  accountId: number,
  column: 'origin_id' | 'id',
  values: (string | number)[],
  locked: boolean,
) {
  if (values.length === 0) return []
  const rows = queries.sql
    .selectFrom('conversations')
    .select(['id', 'origin_id', 'inbox_id', 'contact_id', 'created_at', 'last_activity_at', 'merged_into_id'])
    .where('account_id', '=', accountId)
    .where(column, 'in', values as string[])
    // Ordered, so that two transactions cannot deadlock. `+ 0`: otherwise SQLite would read all conversations of the account.
    .orderBy(sql`id + 0`)
  return (locked && queries.engine === 'postgres' ? rows.forUpdate() : rows).execute()
}

/** The messages of a conversation with one of these values of `source_id`, and those with one of these ids. */
export async function selectMessages(
  queries: Queries,
  conversation: { account_id: number; conversation_id: number },
  sourceIds: string[],
  ids: number[],
) {
  const all = queries.sql
    .selectFrom('messages')
    .select(['id', 'source_id', 'created_at'])
    .where('account_id', '=', conversation.account_id)
    .where('conversation_id', '=', conversation.conversation_id)
  const imported = sourceIds.length === 0 ? [] : await all.where('source_id', 'in', sourceIds).execute()
  const native = ids.length === 0 ? [] : await all.where('id', 'in', ids).execute()
  return { imported, native }
}

const contactInboxesOf = prepare<{ account_id: number; inbox_id: number; ids: string }>()(
  (builder, p, engine) => {
    // `cross join` makes SQLite start with the list: otherwise it would read all contact inboxes of the inbox.
    const query = sql<{ contact_id: number; source_id: string }>`select d.contact_id, d.source_id
    from ${rowsOf(engine, p.ids, { id: 'bigint' })} cross join contact_inboxes d
    where d.account_id = ${p.account_id} and d.contact_id = r.id and d.inbox_id = ${p.inbox_id}
    order by d.created_at desc`
    return { compile: () => query.compile(builder) }
  },
)

/** The contact inboxes of these contacts at an inbox, the oldest last. */
export function selectContactInboxesOf(
  queries: Queries,
  accountId: number,
  inboxId: number,
  contactIds: number[],
) {
  const ids = JSON.stringify(contactIds.map((id) => ({ id })))
  return contactInboxesOf(queries, { account_id: accountId, inbox_id: inboxId, ids })
}
