import { type Expression, type Insertable, type Kysely, sql } from 'kysely'
import type { Queries } from '../../db/database.ts'
import { jsonBoolean, jsonElements, jsonObject, jsonSeconds, jsonText } from '../../db/json.ts'
import { limitOf, prepare } from '../../db/prepare.ts'
import type { Tables } from '../../db/tables.ts'
import type { Message } from './schema.ts'

/** Messages of a conversation with ids from `first` to `last`, both included. */
export interface Range {
  account_id: number
  conversation_id: number
  first: number
  last: number
  /** 1 to see tombstones too. */
  deleted: number
}

/** Messages next to each other, oldest first. */
export interface Piece {
  /** Their JSON, separated by commas, without the brackets of a list. */
  elements: string
  count: number
  /** Their lowest and highest id; null where there are none. */
  first: number | null
  last: number | null
}

/** The public shape: an expression for each field of the schema. */
const fields: Record<keyof Message, Expression<unknown>> = {
  id: sql.ref('m.id'),
  content: sql.ref('m.content'),
  content_type: sql.ref('m.content_type'),
  content_attributes: jsonText('m.content_attributes'),
  message_type: sql.ref('m.message_type'),
  status: sql.ref('m.status'),
  private: jsonBoolean('m.private'),
  created_at: jsonSeconds('m.created_at'),
  updated_at: jsonSeconds('m.updated_at'),
  conversation_id: sql.ref('m.conversation_id'),
  inbox_id: sql.ref('m.inbox_id'),
  echo_id: sql.ref('m.echo_id'),
  source_id: sql.ref('m.source_id'),
  sender: sql`case when m.sender_type is not null then ${jsonObject({
    id: sql.ref('m.sender_id'),
    name: sql`coalesce(u.name, c.name, '')`,
    type: sql.ref('m.sender_type'),
    avatar_url: sql`coalesce(u.avatar_url, c.avatar_url)`,
  } satisfies Record<keyof NonNullable<Message['sender']>, Expression<unknown>>)} end`,
  attachments: sql`json('[]')`,
}

function documents(builder: Kysely<Tables>) {
  return builder
    .selectFrom('messages as m')
    .leftJoin('users as u', (join) =>
      join.onRef('u.id', '=', 'm.sender_id').on('m.sender_type', '=', sql.lit('User')),
    )
    .leftJoin('contacts as c', (join) =>
      join
        .onRef('c.account_id', '=', 'm.account_id')
        .onRef('c.id', '=', 'm.sender_id')
        .on('m.sender_type', '=', sql.lit('Contact')),
    )
    .select(['m.id', jsonObject(fields).as('document')])
}

function piece(direction: 'asc' | 'desc') {
  return prepare<Range & { limit: number }>()((builder, p) =>
    builder
      .selectFrom(
        documents(builder)
          .where('m.account_id', '=', p.account_id)
          .where('m.conversation_id', '=', p.conversation_id)
          .where('m.id', '>=', p.first)
          .where('m.id', '<=', p.last)
          .where(visible(p))
          .orderBy('m.id', direction)
          .limit(limitOf(p.limit))
          .as('page'),
      )
      .select(({ fn }) => [
        jsonElements('page.document', 'page.id').as('elements'),
        fn.countAll<number>().as('count'),
        fn.min<number | null>('page.id').as('first'),
        fn.max<number | null>('page.id').as('last'),
      ]),
  )
}

function visible(p: Range) {
  return sql<boolean>`(m.deleted_at is null or ${p.deleted} = 1)`
}

const oldestPiece = piece('asc')
const newestPiece = piece('desc')

/** At most `limit` messages from the beginning of the range. */
export async function oldest(queries: Queries, range: Range, limit: number): Promise<Piece> {
  const [row] = await oldestPiece(queries, { ...range, limit })
  return { ...row!, elements: row!.elements ?? '' }
}

/** At most `limit` messages from the end of the range. */
export async function newest(queries: Queries, range: Range, limit: number): Promise<Piece> {
  const [row] = await newestPiece(queries, { ...range, limit })
  return { ...row!, elements: row!.elements ?? '' }
}

const anyRow = prepare<Range>()((builder, p) =>
  builder
    .selectFrom('messages as m')
    .select('m.id')
    .where('m.account_id', '=', p.account_id)
    .where('m.conversation_id', '=', p.conversation_id)
    .where('m.id', '>=', p.first)
    .where('m.id', '<=', p.last)
    .where(visible(p))
    .limit(limitOf(1)),
)

/** Whether the range holds any message. */
export async function hasAny(queries: Queries, range: Range): Promise<boolean> {
  return (await anyRow(queries, range)).length > 0
}

const firstRowSince = prepare<{ account_id: number; conversation_id: number; time: number }>()((builder, p) =>
  builder
    .selectFrom('messages')
    .select('id')
    .where('account_id', '=', p.account_id)
    .where('conversation_id', '=', p.conversation_id)
    .where('created_at', '>=', p.time)
    .orderBy('created_at')
    .orderBy('id')
    .limit(limitOf(1)),
)

/** The first message created at `time` (milliseconds) or later. Ids and times grow together in a conversation. */
export async function firstIdSince(
  queries: Queries,
  place: { account_id: number; conversation_id: number },
  time: number,
): Promise<number | undefined> {
  const [row] = await firstRowSince(queries, { ...place, time })
  return row?.id
}

/** Where one message is. */
export interface Key {
  account_id: number
  conversation_id: number
  id: number
}

/** A message as rules need it. */
export interface StoredMessage {
  /** Its public JSON. */
  document: string
  message_type: Message['message_type']
  content: string | null
  content_attributes: string
  status: Message['status']
  private: number
  sender_type: 'Contact' | 'User' | 'AgentBot' | null
  sender_id: number | null
  created_at: number
  deleted_at: number | null
  idempotency_hash: string | null
}

function stored(builder: Kysely<Tables>) {
  return documents(builder).select([
    'm.message_type',
    'm.content',
    'm.content_attributes',
    'm.status',
    'm.private',
    'm.sender_type',
    'm.sender_id',
    'm.created_at',
    'm.deleted_at',
    'm.idempotency_hash',
  ])
}

const byId = prepare<Key>()((builder, p) =>
  stored(builder)
    .where('m.account_id', '=', p.account_id)
    .where('m.conversation_id', '=', p.conversation_id)
    .where('m.id', '=', p.id),
)

export async function findMessage(queries: Queries, key: Key): Promise<StoredMessage | undefined> {
  return (await byId(queries, key))[0]
}

const byIdempotencyKey = prepare<{ account_id: number; conversation_id: number; key: string }>()(
  (builder, p) =>
    stored(builder)
      .where('m.account_id', '=', p.account_id)
      .where('m.conversation_id', '=', p.conversation_id)
      .where('m.idempotency_key', '=', p.key),
)

export async function findByIdempotencyKey(
  queries: Queries,
  place: { account_id: number; conversation_id: number },
  key: string,
): Promise<StoredMessage | undefined> {
  return (await byIdempotencyKey(queries, { ...place, key }))[0]
}

type NewRow = Required<Omit<Insertable<Tables['messages']>, 'deleted_at'>>

const insertRow = prepare<{ [K in keyof NewRow]: NewRow[K] }>()((builder, p) =>
  builder.insertInto('messages').values({
    account_id: p.account_id,
    conversation_id: p.conversation_id,
    id: p.id,
    inbox_id: p.inbox_id,
    message_type: p.message_type,
    content_type: p.content_type,
    content: p.content,
    content_attributes: p.content_attributes,
    status: p.status,
    private: p.private,
    sender_type: p.sender_type,
    sender_id: p.sender_id,
    echo_id: p.echo_id,
    source_id: p.source_id,
    created_at: p.created_at,
    updated_at: p.updated_at,
    idempotency_key: p.idempotency_key,
    idempotency_hash: p.idempotency_hash,
  }),
)

export async function insertMessage(tx: Queries, row: NewRow): Promise<void> {
  await insertRow(tx, row)
}

export async function updateMessage(
  tx: Queries,
  key: Key,
  change: Partial<Pick<Tables['messages'], 'content' | 'content_attributes' | 'status' | 'updated_at'>>,
): Promise<void> {
  await at(tx.sql.updateTable('messages').set(change), key).execute()
}

/** Erases what was said; who said it and when stays. The hash could confirm a guess at the content. */
export async function eraseMessage(tx: Queries, key: Key, now: number): Promise<void> {
  const nothing = {
    content: null,
    content_attributes: JSON.stringify({ deleted: true }),
    idempotency_hash: null,
    deleted_at: now,
    updated_at: now,
  }
  await at(tx.sql.updateTable('messages').set(nothing), key).execute()
}

function at<Q extends { where(column: 'account_id' | 'conversation_id' | 'id', is: '=', value: number): Q }>(
  query: Q,
  key: Key,
): Q {
  return query
    .where('account_id', '=', key.account_id)
    .where('conversation_id', '=', key.conversation_id)
    .where('id', '=', key.id)
}

/** The last message of each conversation that is neither a note nor deleted. */
export async function lastMessages(
  queries: Queries,
  accountId: number,
  conversationIds: number[],
): Promise<Map<number, Message>> {
  if (conversationIds.length === 0) return new Map()
  const rows = await documents(queries.sql)
    .innerJoin('conversations as k', (join) =>
      join.onRef('k.account_id', '=', 'm.account_id').onRef('k.id', '=', 'm.conversation_id'),
    )
    .select('m.conversation_id')
    .where('k.account_id', '=', accountId)
    .where('k.id', 'in', conversationIds)
    .where(
      'm.id',
      '=',
      sql<number>`(select l.id from messages l where l.account_id = k.account_id and l.conversation_id = k.id
        and l.private = 0 and l.deleted_at is null order by l.id desc limit 1)`,
    )
    .execute()
  return new Map(rows.map((row) => [row.conversation_id, JSON.parse(row.document)]))
}
