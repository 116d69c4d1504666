import { type Expression, sql, type Updateable } from 'kysely'
import type { Queries } from '../../db/database.ts'
import { json } from '../../db/json.ts'
import type { Tables } from '../../db/tables.ts'
import { attachmentsOf } from '../attachments/parts.store.ts'
import type { Proposal } from './schema.ts'

export type Row = Tables['proposals']
export type Key = Pick<Row, 'account_id' | 'conversation_id' | 'id'>

function ofConversation(queries: Queries, accountId: number, conversationId: number) {
  return queries.sql
    .selectFrom('proposals as m')
    .where('m.account_id', '=', accountId)
    .where('m.conversation_id', '=', conversationId)
}

/** A condition: the contact has written since the proposal `m` was made. */
const isStale = sql`exists (select 1 from messages n where n.account_id = m.account_id
  and n.conversation_id = m.conversation_id and n.id > m.after_message_id and n.message_type = 'incoming')`

function shown(queries: Queries) {
  const { document, object, parsed, seconds } = json[queries.engine]
  return document({
    id: sql.ref('m.id'),
    conversation_id: sql.ref('m.conversation_id'),
    actor: object({ type: sql.ref('m.actor_type'), id: sql.ref('m.actor_id') }),
    status: sql`case when m.status <> 'pending' then m.status
      when m.expires_at <= cast(${Date.now()} as bigint) then 'expired'
      when ${isStale} then 'stale' else 'pending' end`,
    reason: sql.ref('m.reason'),
    decided_by: sql.ref('m.decided_by'),
    message_id: sql.ref('m.message_id'),
    expires_at: seconds('m.expires_at'),
    created_at: seconds('m.created_at'),
    updated_at: seconds('m.updated_at'),
    content: sql.ref('m.content'),
    attachments: attachmentsOf(json[queries.engine]),
    actions: parsed(sql.ref('m.actions')),
    sources: parsed(sql.ref('m.sources')),
  } satisfies Record<keyof Proposal, Expression<unknown>>)
}

/** The latest proposals of a conversation, at most `limit`, older than `before_id` if it is given. */
export async function selectProposals(
  queries: Queries,
  { account_id, conversation_id }: Omit<Key, 'id'>,
  { limit, before_id, status }: { limit: number; before_id?: number; status?: Row['status'] },
): Promise<Proposal[]> {
  let all = ofConversation(queries, account_id, conversation_id).select(shown(queries).as('shown'))
  if (before_id !== undefined) all = all.where('m.id', '<', before_id)
  if (status !== undefined) all = all.where('m.status', '=', status)
  const rows = await all.orderBy('m.id', 'desc').limit(limit).execute()
  return rows.map((row) => JSON.parse(row.shown))
}

export async function findProposal(queries: Queries, key: Key): Promise<Proposal | undefined> {
  const all = ofConversation(queries, key.account_id, key.conversation_id).select(shown(queries).as('shown'))
  const row = await all.where('m.id', '=', key.id).executeTakeFirst()
  return row && JSON.parse(row.shown)
}

/** The column `attachments` of a proposal. */
export async function findFiles(tx: Queries, key: Key): Promise<string | null> {
  const all = ofConversation(tx, key.account_id, key.conversation_id).select('m.attachments')
  return (await all.where('m.id', '=', key.id).executeTakeFirst())?.attachments ?? null
}

export async function countPending(tx: Queries, accountId: number, conversationId: number): Promise<number> {
  const row = await ofConversation(tx, accountId, conversationId)
    .where('m.status', '=', 'pending')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return row.count
}

/** The id of the last message of a conversation; 0 if there is none. */
export async function lastMessageId(tx: Queries, accountId: number, conversationId: number): Promise<number> {
  const row = await tx.sql
    .selectFrom('messages')
    .select('id')
    .where('account_id', '=', accountId)
    .where('conversation_id', '=', conversationId)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.id ?? 0
}

export async function insertProposal(tx: Queries, row: Row): Promise<void> {
  await tx.sql.insertInto('proposals').values(row).execute()
}

export async function updateProposal(tx: Queries, key: Key, change: Updateable<Row>): Promise<void> {
  const update = tx.sql.updateTable('proposals').set({ ...change, updated_at: Date.now() })
  await update.where('account_id', '=', key.account_id).where('id', '=', key.id).execute()
}
