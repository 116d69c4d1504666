import { type RawBuilder, sql } from 'kysely'
import type { Queries } from '../../../db/database.ts'
import { json } from '../../../db/json.ts'
import { prepare } from '../../../db/prepare.ts'
import { messageDocument } from '../../messages/parts.store.ts'
import { conversationRows } from './related.store.ts'

interface Ids {
  account_id: number
  /** A JSON list. */
  ids: string
}

const lastId = (condition: RawBuilder<unknown>) => sql<number | null>`(select m.id from messages m
  where m.account_id = c.account_id and m.conversation_id = c.id ${condition} order by m.id desc limit 1)`

const withLastIds = prepare<Ids>()((builder, p, engine) =>
  conversationRows(builder, engine, p).select(lastId(sql``).as('last')),
)

/** Returns the rows of conversations, each with the id of its last message of any type. */
export async function selectWithLastIds(queries: Queries, accountId: number, ids: number[]) {
  if (ids.length === 0) return new Map<number, never>()
  const rows = await withLastIds(queries, { account_id: accountId, ids: JSON.stringify(ids) })
  return new Map(rows.map((row) => [row.id, row]))
}

const lastNonActivityIds = prepare<Ids>()((builder, p, engine) =>
  builder
    .selectFrom('conversations as c')
    .select('c.id')
    .select(lastId(sql`and m.message_type <> 'activity'`).as('last'))
    .where('c.account_id', '=', p.account_id)
    .where(json[engine].isIn(sql`c.id`, p.ids, 'bigint')),
)

/** Returns the ids of the last messages of conversations that are no activity messages, by conversation. */
export async function selectLastNonActivityIds(
  queries: Queries,
  accountId: number,
  conversationIds: number[],
): Promise<Map<number, number | null>> {
  if (conversationIds.length === 0) return new Map()
  const ids = JSON.stringify(conversationIds)
  const rows = await lastNonActivityIds(queries, { account_id: accountId, ids })
  return new Map(rows.map(({ id, last }) => [id, last]))
}

const documents = prepare<{ account_id: number; conversations: string; ids: string }>()(
  (builder, p, engine) =>
    builder
      .selectFrom('messages as m')
      .select(['m.id', messageDocument(engine).as('document')])
      .where('m.account_id', '=', p.account_id)
      .where(json[engine].isIn(sql`m.conversation_id`, p.conversations, 'bigint'))
      .where(json[engine].isIn(sql`m.id`, p.ids, 'bigint')),
)

/** Returns the JSON of messages by id, read in these conversations. */
export async function selectDocuments(
  queries: Queries,
  accountId: number,
  conversationIds: number[],
  ids: number[],
): Promise<Map<number, string>> {
  if (ids.length === 0) return new Map()
  const conversations = JSON.stringify(conversationIds)
  const rows = await documents(queries, { account_id: accountId, conversations, ids: JSON.stringify(ids) })
  return new Map(rows.map(({ id, document }) => [id, document]))
}

const withFiles = prepare<{ account_id: number; conversation_id: number; limit: number }>()(
  (builder, p, engine) =>
    builder
      .selectFrom('messages as m')
      .select(messageDocument(engine).as('document'))
      .where('m.account_id', '=', p.account_id)
      .where('m.conversation_id', '=', p.conversation_id)
      .where('m.attachments', 'is not', null)
      .orderBy('m.id', 'desc')
      .limit(p.limit),
)

/** Returns the JSON of the latest messages of a conversation that have files. */
export async function selectMessagesWithFiles(
  queries: Queries,
  accountId: number,
  conversationId: number,
  limit: number,
): Promise<string[]> {
  const rows = await withFiles(queries, { account_id: accountId, conversation_id: conversationId, limit })
  return rows.map(({ document }) => document)
}
