import { type Expression, type RawBuilder, type Selectable, sql } from 'kysely'
import type { Engine, Queries } from '../../db/database.ts'
import { lastId, raiseIds, reserveIds } from '../../db/ids.ts'
import { type Json, json } from '../../db/json.ts'
import { prepare } from '../../db/prepare.ts'
import { inserter } from '../../db/rows.ts'
import type { Tables } from '../../db/tables.ts'
import { attachmentsOf } from '../attachments/parts.store.ts'
import type { Message } from './schema.ts'

/** The columns of messages, with their types. */
export const messageTypes = {
  account_id: 'bigint',
  conversation_id: 'bigint',
  id: 'bigint',
  inbox_id: 'bigint',
  message_type: 'text',
  content_type: 'text',
  content: 'text',
  content_attributes: 'text',
  status: 'text',
  private: 'bigint',
  sender_type: 'text',
  sender_id: 'bigint',
  echo_id: 'text',
  source_id: 'text',
  created_at: 'bigint',
  updated_at: 'bigint',
  deleted_at: 'bigint',
  idempotency_key: 'text',
  idempotency_hash: 'text',
  attachments: 'text',
} as const satisfies Record<keyof MessageRow, 'bigint' | 'text'>

/** A stored message. */
export type MessageRow = Selectable<Tables['messages']>

/** The sender of a message: the contact if it is incoming, otherwise a user; null for none. */
export function senderOf(type: MessageRow['message_type'], contactId: number | null, userId: number | null) {
  if (type === 'incoming') return { sender_type: 'Contact' as const, sender_id: contactId }
  return { sender_type: userId === null ? null : ('User' as const), sender_id: userId }
}

/** Inserts messages, which must be in the order of their ids, with one statement. */
export const insertMessages: (tx: Queries, rows: MessageRow[]) => Promise<void> = inserter(
  'messages',
  messageTypes,
)

/** Remembers a message of a contact in the conversation of another. */
export async function insertGuestMessage(tx: Queries, row: Tables['guest_messages']): Promise<void> {
  await tx.sql.insertInto('guest_messages').values(row).execute()
}

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
    sender: sql`case when m.sender_type is not null then ${senderObject(json)} end`,
    attachments: attachmentsOf(json),
  }
}

/**
 * The sender of the row `m` of messages as JSON. Its name and picture come from one subquery: one for each of them would
 * look up every sender of a page twice.
 */
function senderObject(json: Json): RawBuilder<unknown> {
  const object = (name: RawBuilder<unknown>, avatar_url: RawBuilder<unknown>) =>
    json.object({
      id: sql.ref('m.sender_id'),
      name,
      type: sql.ref('m.sender_type'),
      avatar_url,
    } satisfies Record<keyof NonNullable<Message['sender']>, Expression<unknown>>)
  const none = sql`null`
  const known = ofSender({
    User: object(sql`coalesce(s.name, '')`, sql`s.avatar_url`),
    Contact: object(sql`coalesce(s.name, '')`, sql`s.avatar_url`),
    AgentBot: object(sql`coalesce(s.name, '')`, none),
  })
  return sql`coalesce(${known}, ${object(sql`''`, none)})`
}

// A subquery for each returned row. PostgreSQL would plan a join for as many rows as there could be, and read all
// contacts for a page of 20 messages.
function ofSender(values: Record<'User' | 'Contact' | 'AgentBot', RawBuilder<unknown>>): RawBuilder<unknown> {
  const ofAccount = sql` and s.account_id = m.account_id`
  const of = (value: RawBuilder<unknown>, table: string, more: RawBuilder<unknown>) =>
    sql`(select ${value} from ${sql.table(table)} s where s.id = m.sender_id${more})`
  return sql`case m.sender_type when 'User' then ${of(values.User, 'users', sql``)}
    when 'Contact' then ${of(values.Contact, 'contacts', ofAccount)}
    when 'AgentBot' then ${of(values.AgentBot, 'agent_bots', ofAccount)} end`
}

const name = sql`s.name`

/** A subquery: the name of the sender of the row `m` of messages. */
export const senderName = ofSender({ User: name, Contact: name, AgentBot: name }) as RawBuilder<string | null>

/** An expression for the public JSON of the row `m` of messages, as text. */
export function messageDocument(engine: Engine): RawBuilder<string> {
  return json[engine].document(messageFields(json[engine]))
}

/** A subquery: the JSON of the last message of the conversation `c`, without notes, activity and deleted messages. */
export function lastMessageDocument(engine: Engine): RawBuilder<string | null> {
  return sql<string | null>`(select ${messageDocument(engine)} from messages m
    where m.account_id = c.account_id and m.conversation_id = c.id and m.private = 0 and m.deleted_at is null
      and m.message_type <> 'activity'
    order by m.id desc limit 1)`
}

const nextMany = prepare<{ count: number }>()((builder, { count }) => {
  const query = sql<{
    value: number
  }>`select nextval('message_ids') as value from generate_series(1, ${count})`
  return { compile: () => query.compile(builder) }
})

/** Returns the account's next `many` message ids, in ascending order. */
export async function nextMessageIds(tx: Queries, accountId: number, many: number): Promise<number[]> {
  if (tx.engine === 'postgres') return (await nextMany(tx, { count: many })).map(({ value }) => value)
  const last = await reserveIds(tx, accountId, 'messages', many)
  return Array.from({ length: many }, (_, index) => last - many + 1 + index)
}

const lastOfSequence = prepare()((builder) => {
  const query = sql<{
    value: number
  }>`select case when is_called then last_value else last_value - 1 end as value from message_ids`
  return { compile: () => query.compile(builder) }
})

/** Returns the last message id that was used: on PostgreSQL in any account. */
export async function lastMessageId(queries: Queries, accountId: number): Promise<number> {
  if (queries.engine === 'sqlite') return lastId(queries, accountId, 'messages')
  return (await lastOfSequence(queries, {}))[0]!.value
}

const setSequence = prepare<{ last: number }>()((builder, { last }) => {
  const query = sql`select setval('message_ids', ${last}) from message_ids where last_value < ${last}`
  return { compile: () => query.compile(builder) }
})

/** Makes the next message id greater than `last`, whose message comes from elsewhere. */
export async function raiseMessageIds(tx: Queries, accountId: number, last: number): Promise<void> {
  if (tx.engine === 'sqlite') await raiseIds(tx, accountId, 'messages', last)
  else await setSequence(tx, { last })
}

/** The message of an inbox with this `source_id`. */
export function findBySourceId(
  queries: Queries,
  { account_id, inbox_id }: { account_id: number; inbox_id: number },
  source_id: string,
): Promise<{ conversation_id: number; id: number } | undefined> {
  return queries.sql
    .selectFrom('messages')
    .select(['conversation_id', 'id'])
    .where('account_id', '=', account_id)
    .where('inbox_id', '=', inbox_id)
    .where('source_id', '=', source_id)
    .limit(1)
    .executeTakeFirst()
}
