import { type Expression, type Kysely, type RawBuilder, sql } from 'kysely'
import type { Engine, Queries } from '../../db/database.ts'
import { type Json, json } from '../../db/json.ts'
import { limitOf, prepare } from '../../db/prepare.ts'
import type { Tables } from '../../db/tables.ts'
import { attachmentsOf } from '../attachments/service.ts'
import type { Message } from './schema.ts'

export type MessageFields = Record<keyof Message, Expression<unknown>>

/** The public shape of the row `m` of messages: an expression for each field of the schema. */
export function messageFields(json: Json): MessageFields {
  return {
    id: sql.ref('m.id'),
    content: sql.ref('m.content'),
    content_type: sql.ref('m.content_type'),
    content_attributes: json.stored('m.content_attributes'),
    message_type: sql.ref('m.message_type'),
    status: sql.ref('m.status'),
    private: json.boolean('m.private'),
    created_at: json.seconds('m.created_at'),
    updated_at: json.seconds('m.updated_at'),
    conversation_id: sql.ref('m.conversation_id'),
    inbox_id: sql.ref('m.inbox_id'),
    echo_id: sql.ref('m.echo_id'),
    source_id: sql.ref('m.source_id'),
    sender: sql`case when m.sender_type is not null then ${json.object({
      id: sql.ref('m.sender_id'),
      name: sql`coalesce(${ofSender('name')}, '')`,
      type: sql.ref('m.sender_type'),
      avatar_url: ofSender('avatar_url'),
    } satisfies Record<keyof NonNullable<Message['sender']>, Expression<unknown>>)} end`,
    attachments: attachmentsOf(json),
  }
}

// A subquery for each returned row. PostgreSQL would plan a join for as many rows as there could be, and read all
// contacts for a page of 20 messages.
function ofSender(column: 'name' | 'avatar_url') {
  const of = (table: string, more: RawBuilder<unknown>) =>
    sql`(select s.${sql.ref(column)} from ${sql.table(table)} s where s.id = m.sender_id${more})`
  return sql`case m.sender_type when 'User' then ${of('users', sql``)}
    when 'Contact' then ${of('contacts', sql` and s.account_id = m.account_id`)} end`
}

/** An expression for the public JSON of the row `m` of messages, as text. */
export function messageDocument(engine: Engine): RawBuilder<string> {
  return json[engine].document(messageFields(json[engine]))
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

/**
 * Returns the id of the first message created at `time` (milliseconds) or later. All messages after it are as new: in a
 * conversation, times never decrease as ids increase.
 */
export async function firstIdSince(
  queries: Queries,
  conversation: { account_id: number; conversation_id: number },
  time: number,
): Promise<number | undefined> {
  // The engines accept no larger numbers; no message has such a time.
  const limit = Number.MAX_SAFE_INTEGER
  const bounded = Math.max(-limit, Math.min(limit, time))
  const [row] = await firstRowSince(queries, { ...conversation, time: bounded })
  return row?.id
}

/** The primary key of a message, and its conversation. */
export interface MessageKey {
  account_id: number
  conversation_id: number
  id: number
}

/** The columns of a message that rules need. */
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

function selectStored(builder: Kysely<Tables>, engine: Engine) {
  return builder
    .selectFrom('messages as m')
    .select([
      'm.id',
      messageDocument(engine).as('document'),
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

const byId = prepare<MessageKey>()((builder, p, engine) =>
  selectStored(builder, engine)
    .where('m.account_id', '=', p.account_id)
    .where('m.conversation_id', '=', p.conversation_id)
    .where('m.id', '=', p.id),
)

export async function findMessage(queries: Queries, key: MessageKey): Promise<StoredMessage | undefined> {
  return (await byId(queries, key))[0]
}

const byIdempotencyKey = prepare<{ account_id: number; conversation_id: number; key: string }>()(
  (builder, p, engine) =>
    selectStored(builder, engine)
      .where('m.account_id', '=', p.account_id)
      .where('m.conversation_id', '=', p.conversation_id)
      .where('m.idempotency_key', '=', p.key),
)

export async function findByIdempotencyKey(
  queries: Queries,
  conversation: { account_id: number; conversation_id: number },
  key: string,
): Promise<StoredMessage | undefined> {
  return (await byIdempotencyKey(queries, { ...conversation, key }))[0]
}

export async function updateMessage(
  tx: Queries,
  key: MessageKey,
  change: Partial<Pick<Tables['messages'], 'content' | 'content_attributes' | 'status' | 'updated_at'>>,
): Promise<void> {
  await withKey(tx.sql.updateTable('messages').set(change), key).execute()
}

/** Erases the content of a message; its sender and time stay. The hash goes too, because it could confirm a guess. */
export async function eraseMessage(tx: Queries, key: MessageKey, now: number): Promise<void> {
  const erased = {
    content: null,
    content_attributes: JSON.stringify({ deleted: true }),
    idempotency_hash: null,
    attachments: null,
    deleted_at: now,
    updated_at: now,
  }
  await withKey(tx.sql.updateTable('messages').set(erased), key).execute()
}

function withKey<
  Q extends { where(column: 'account_id' | 'conversation_id' | 'id', is: '=', value: number): Q },
>(query: Q, key: MessageKey): Q {
  return query
    .where('account_id', '=', key.account_id)
    .where('conversation_id', '=', key.conversation_id)
    .where('id', '=', key.id)
}

/** A subquery: the JSON of the last message of the conversation `c`, without notes, activity and deleted messages. */
export function lastMessageDocument(engine: Engine): RawBuilder<string | null> {
  return sql<string | null>`(select ${messageDocument(engine)} from messages m
    where m.account_id = c.account_id and m.conversation_id = c.id and m.private = 0 and m.deleted_at is null
      and m.message_type <> 'activity'
    order by m.id desc limit 1)`
}
