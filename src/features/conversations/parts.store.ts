import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { Engine } from '../../db/database.ts'
import { prepare } from '../../db/prepare.ts'
import type { Tables } from '../../db/tables.ts'
import { type Actor, seesAllInboxes } from '../../lib/actor.ts'
import { Slot } from '../../lib/slot.ts'
import type { Conversation } from './schema.ts'

/** The columns of a conversation and its inbox that decide what may happen in it. */
export interface ConversationRef {
  id: number
  inbox_id: number
  contact_id: number
  channel_type: string
  status: Conversation['status']
  last_activity_at: number
  /** Increases with every change of what its messages show. */
  version: number
  /** The conversation that has its messages now; null unless it was merged. */
  merged_into_id: number | null
}

/** A conversation, and the access of the user who asks for it. */
export interface ConversationScope {
  account_id: number
  conversation_id: number
  user_id: number
  /** 1 if the user works in every inbox of the account, otherwise 0. */
  sees_all: number
}

/**
 * A query for the ConversationRef of a scope, to build others on. It has no row if the user may not see the
 * conversation.
 */
export function conversationRefQuery(builder: Kysely<Tables>, p: ConversationScope) {
  return builder
    .selectFrom('conversations as c')
    .innerJoin('inboxes as i', (join) =>
      join.onRef('i.account_id', '=', 'c.account_id').onRef('i.id', '=', 'c.inbox_id'),
    )
    .select([
      'c.id',
      'c.inbox_id',
      'c.contact_id',
      'c.last_activity_at',
      versionOf().as('version'),
      'c.status',
      'c.merged_into_id',
      'i.channel_type',
    ])
    .where('c.account_id', '=', p.account_id)
    .where('c.id', '=', p.conversation_id)
    .where(isVisible(p))
}

/** The version of what the messages of the conversation `c` show. It increases with every change of that. */
export function versionOf() {
  return sql<number>`c.version + (select a.senders_version from accounts a where a.id = c.account_id)`
}

/** A condition: the user works in the inbox of the conversation `c`. */
export function isVisible(p: Pick<ConversationScope, 'user_id' | 'sees_all'>) {
  return sql<boolean>`(${p.sees_all} = 1 or exists (select 1 from inbox_members m
    where m.account_id = c.account_id and m.inbox_id = c.inbox_id and m.user_id = ${p.user_id}))`
}

/** Returns the conversation with the access of the actor. */
export function scopeOf(actor: Actor, conversationId: number): ConversationScope {
  return {
    account_id: actor.accountId,
    conversation_id: conversationId,
    user_id: actor.userId,
    sees_all: seesAllInboxes(actor) ? 1 : 0,
  }
}

/** A condition: the conversation `c` must be reopened before its contact writes. */
export const isClosed = sql<boolean>`c.status in ('resolved', 'snoozed')`

/**
 * The time of a new message in the conversation `c`, in milliseconds. Times never decrease as ids increase, even if a
 * clock is set back: pages by time rely on it.
 */
export function timeOfMessage(now: unknown): RawBuilder<number> {
  return sql`case when ${now} > c.last_activity_at then ${now} else c.last_activity_at end`
}

/** The values of the columns of the conversation `c` after a message at the time `at`; `unread` is 1 or 0. */
export function bumpedColumns({ at, unread }: { at: unknown; unread: unknown }) {
  return {
    last_activity_at: sql<number>`${at}`,
    updated_at: sql<number>`case when c.updated_at > ${at} then c.updated_at else ${at} end`,
    version: sql<number>`c.version + 1`,
    unread_count: sql<number>`c.unread_count + ${unread}`,
  }
}

/** Makes a conversation the most recent one, after messages of which the last has the time `at`. */
export const bumpConversation = prepare<{ account_id: number; id: number; at: number; unread: number }>()(
  (builder, p) =>
    builder
      .updateTable('conversations as c')
      .set(bumpedColumns(p))
      .where('c.account_id', '=', p.account_id)
      .where('c.id', '=', p.id),
)

/**
 * A subquery: the JSON of the last message of the conversation `c`, or null. The feature `messages`, which comes after
 * conversations in the list of features, provides it.
 */
export const lastMessage = new Slot<(engine: Engine) => RawBuilder<string | null>>('last message')
