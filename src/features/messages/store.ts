import { type Kysely, sql } from 'kysely'
import type { Engine, Queries } from '../../db/database.ts'
import { prepare } from '../../db/prepare.ts'
import type { Tables } from '../../db/tables.ts'
import { type MessageRow, messageDocument, senderName } from './parts.store.ts'
import type { Message } from './schema.ts'
import { messageWithKey } from './verdict.store.ts'

const firstRowSince = prepare<{ account_id: number; conversation_id: number; time: number }>()((builder, p) =>
  builder
    .selectFrom('messages')
    .select('id')
    .where('account_id', '=', p.account_id)
    .where('conversation_id', '=', p.conversation_id)
    .where('created_at', '>=', p.time)
    .orderBy('created_at')
    .orderBy('id')
    .limit(1),
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
  /** A JSON list; null if it has none. */
  attachments: string | null
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
      'm.attachments',
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
      .innerJoin(messageWithKey(engine, p.account_id, p.conversation_id, p.key).as('k'), (join) =>
        join.onRef('k.conversation_id', '=', 'm.conversation_id').onRef('k.id', '=', 'm.id'),
      )
      .where('m.account_id', '=', p.account_id),
)

/** Returns the message with an idempotency key in a conversation, or the one that was split off from it since. */
export async function findByIdempotencyKey(
  queries: Queries,
  conversation: { account_id: number; conversation_id: number },
  key: string,
): Promise<StoredMessage | undefined> {
  return (await byIdempotencyKey(queries, { ...conversation, key }))[0]
}

/** Returns the first reply to the contact after a message that somebody else than the sender of `posting` has sent. */
export async function findReplyOfOthers(
  tx: Queries,
  posting: Pick<MessageRow, 'account_id' | 'conversation_id' | 'sender_type' | 'sender_id'>,
  afterId: number,
): Promise<{ id: number; name: string } | undefined> {
  const row = await tx.sql
    .selectFrom('messages as m')
    .select(['m.id', sql<string>`coalesce(${senderName}, '')`.as('name')])
    .where('m.account_id', '=', posting.account_id)
    .where('m.conversation_id', '=', posting.conversation_id)
    .where('m.id', '>', afterId)
    .where('m.message_type', '=', 'outgoing')
    .where('m.private', '=', 0)
    .where('m.deleted_at', 'is', null)
    .where('m.sender_type', 'is not', null)
    .where((eb) =>
      eb.not(
        eb.and([eb('m.sender_type', '=', posting.sender_type), eb('m.sender_id', '=', posting.sender_id)]),
      ),
    )
    .orderBy('m.id')
    .limit(1)
    .executeTakeFirst()
  return row
}

/** The columns of a message that can change. */
export type MessageUpdate = Partial<Pick<Tables['messages'], 'content' | 'content_attributes' | 'status'>>

export async function updateMessage(
  tx: Queries,
  key: MessageKey,
  change: MessageUpdate & { source_id?: string; updated_at: number },
): Promise<void> {
  await withKey(tx.sql.updateTable('messages').set(change), key).execute()
}

/**
 * Erases the content of a message; its sender and time stay, and `deletedBy` is added. The hash goes too, because it
 * could confirm a guess.
 */
export async function eraseMessage(
  tx: Queries,
  key: MessageKey,
  now: number,
  deletedBy?: { id: number; name: string },
): Promise<void> {
  const erased = {
    content: null,
    content_attributes: JSON.stringify({ deleted: true, deleted_by: deletedBy }),
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
