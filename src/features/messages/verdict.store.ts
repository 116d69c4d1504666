import { type RawBuilder, sql } from 'kysely'
import type { Engine } from '../../db/database.ts'
import { json } from '../../db/json.ts'
import type { ActorColumns } from '../../events/append.ts'
import { isBlocked } from '../contacts/parts.store.ts'
import { type ConversationScope, isClosed, isVisible } from '../conversations/parts.store.ts'
import type { MessageRow } from './parts.store.ts'

/**
 * A new message, the actor of its event, and what decides whether its conversation accepts it. If a contact acts,
 * `actor_id` may be null: then it is the conversation's contact.
 */
export interface Posting
  extends ConversationScope,
    ActorColumns,
    Omit<MessageRow, 'id' | 'inbox_id' | 'status' | 'created_at' | 'updated_at' | 'deleted_at'> {
  /** null if the conversation's contact sends it, or if there is no sender (`sender_type` is null). */
  sender_id: number | null
  /** Milliseconds. */
  now: number
  /** 1 if the contact has written it, otherwise 0. It is then unread, and needs an open conversation. */
  from_contact: number
  /** The types of inboxes that accept it, as a JSON list; null for all. */
  channel_types: string | null
}

/**
 * Whether a conversation accepts a message. If several reasons against it apply, the first in this order counts:
 * - `not_found`: the user may not see the conversation
 * - `key_used`: a message of the conversation has the idempotency key
 * - `merged`: the conversation was merged into another one
 * - `wrong_channel`: the inbox has a type that does not accept the message
 * - `blocked`: the contact has written it, and is blocked
 * - `closed`: the contact has written it, and the conversation must be reopened first
 */
export type Verdict =
  | 'not_found'
  | 'key_used'
  | 'merged'
  | 'wrong_channel'
  | 'blocked'
  | 'closed'
  | 'accepted'

/** A verdict and, if the message was accepted and stored, its public JSON. */
export type Outcome =
  | { verdict: 'accepted'; document: string }
  | { verdict: Exclude<Verdict, 'accepted'>; document?: undefined }

/** The fields of `T` as values, or as the columns that contain them. */
export type Of<T> = { [K in keyof T]: unknown }

/** An expression for the verdict on the message `p` in the conversation `c`. Assumes `isTarget`. */
export function verdictOn(engine: Engine, p: Of<Posting>): RawBuilder<Verdict> {
  // With `not exists`, PostgreSQL may join all messages, until it has statistics of the table.
  const withKey = sql`(select id from ${messageWithKey(engine, p.account_id, p.conversation_id, p.idempotency_key)} k limit 1)`
  const accepts = sql`exists (select 1 from inboxes i where i.account_id = c.account_id and i.id = c.inbox_id
    and ${json[engine].isListed('i.channel_type', p.channel_types)})`
  return sql`case
    when ${withKey} is not null then 'key_used'
    when c.merged_into_id is not null then 'merged'
    when ${p.channel_types} is not null and not ${accepts} then 'wrong_channel'
    when ${p.from_contact} = 1 and ${isBlocked(sql.ref('c.account_id'), sql.ref('c.contact_id'))} then 'blocked'
    when ${p.from_contact} = 1 and ${isClosed} then 'closed'
    else 'accepted' end`
}

/**
 * The message with a key in a conversation, or the one that was split off from it: a request can be repeated after that.
 * What was written in the new conversation since has keys of its own.
 */
export function messageWithKey(
  engine: Engine,
  account: unknown,
  conversation: unknown,
  key: unknown,
): RawBuilder<{ conversation_id: number; id: number }> {
  // Without statistics, SQLite would read all moves of the account.
  const byConversation = sql.raw(engine === 'sqlite' ? 'indexed by conversation_moves_from' : '')
  return sql`(select r.conversation_id, r.id from messages r
      where r.account_id = ${account} and r.conversation_id = ${conversation} and r.idempotency_key = ${key}
    union all select r.conversation_id, r.id from conversation_moves v ${byConversation} join messages r
        on r.account_id = v.account_id and r.conversation_id = v.to_id
      where v.account_id = ${account} and v.from_id = ${conversation} and v.kind = 'split'
        and r.idempotency_key = ${key} and r.created_at <= v.created_at)`
}

/** A condition: `c` is the conversation of the message `p`, and its user may see it. Otherwise it is `not_found`. */
export function isTarget(p: Of<Posting>): RawBuilder<boolean> {
  return sql`c.account_id = ${p.account_id} and c.id = ${p.conversation_id} and ${isVisible(p as never)}`
}
