import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { Engine } from '../../db/database.ts'
import type { Tables } from '../../db/tables.ts'
import { type Actor, seesAllInboxes } from '../../lib/actor.ts'
import { Slot } from '../../lib/slot.ts'
import type { Conversation } from './schema.ts'

/** The columns of a conversation and its inbox that decide what may happen in it. */
export interface ConversationRef {
  id: number
  inbox_id: number
  contact_id: number
  channel_type: 'api' | 'web_widget'
  status: Conversation['status']
  last_activity_at: number
  /** Increases with every change of what its messages show. */
  version: number
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
      'c.version',
      'c.status',
      'i.channel_type',
    ])
    .where('c.account_id', '=', p.account_id)
    .where('c.id', '=', p.conversation_id)
    .where(isVisible(p))
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

/** What a new message does to its conversation: it becomes the most recent one, and may get an unread message. */
export interface Bump extends ConversationScope {
  /** Milliseconds. */
  now: number
  /** 1 if the message counts as unread, otherwise 0. */
  unread: number
  /** The only type of inbox that accepts the message; null for any. */
  only_in: ConversationRef['channel_type'] | null
  /** 1 if a resolved or snoozed conversation does not accept the message, because it must be reopened first. */
  only_open: number
}

/** A condition: the conversation `c` of the inbox `i` accepts the message. */
export function mayBump(p: Bump): RawBuilder<boolean> {
  return sql`(${p.only_open} = 0 or c.status not in ('resolved', 'snoozed'))
    and coalesce(cast(${p.only_in} as text), i.channel_type) = i.channel_type and ${isVisible(p)}`
}

/** The values of the columns of the conversation `c` after a message. */
export function bumpedColumns({ at, unread }: { at: RawBuilder<number>; unread: RawBuilder<number> }) {
  return {
    last_activity_at: at,
    updated_at: at,
    version: sql<number>`c.version + 1`,
    unread_count: sql<number>`c.unread_count + ${unread}`,
  }
}

/**
 * A statement that updates a conversation for a new message. It changes nothing if the actor may not see it, if the
 * inbox does not accept the message, or if the conversation must be reopened first. It returns the conversation's
 * `inbox_id` and `contact_id`, and the time `at` of the message. Times never decrease as ids increase, even if a
 * clock is set back: pages by time rely on it.
 */
export function bumpConversation(builder: Kysely<Tables>, p: Bump) {
  const at = sql<number>`case when ${p.now} > c.last_activity_at then ${p.now} else c.last_activity_at end`
  return builder
    .updateTable('conversations as c')
    .from('inboxes as i')
    .set(bumpedColumns({ at, unread: sql`${p.unread}` }))
    .whereRef('i.account_id', '=', 'c.account_id')
    .whereRef('i.id', '=', 'c.inbox_id')
    .where('c.account_id', '=', p.account_id)
    .where('c.id', '=', p.conversation_id)
    .where(mayBump(p))
    .returning(['inbox_id', 'contact_id', 'last_activity_at as at'])
}

/**
 * A subquery: the JSON of the last message of the conversation `c`, or null. The feature `messages`, which comes after
 * conversations in the list of features, provides it.
 */
export const lastMessage = new Slot<(engine: Engine) => RawBuilder<string | null>>('last message')
