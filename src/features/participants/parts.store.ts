import { sql } from 'kysely'
import type { Queries } from '../../db/database.ts'
import { prepare } from '../../db/prepare.ts'

interface Key {
  account_id: number
  conversation_id: number
}

const listeners = prepare<Key>()((builder, p) =>
  builder
    .selectFrom('conversation_participants as p')
    .innerJoin('account_users as a', (join) =>
      join.onRef('a.account_id', '=', 'p.account_id').onRef('a.user_id', '=', 'p.user_id'),
    )
    .innerJoin('conversations as c', (join) =>
      join.onRef('c.account_id', '=', 'p.account_id').onRef('c.id', '=', 'p.conversation_id'),
    )
    .select(['p.user_id', 'p.seen_at', 'p.left_at', 'c.assignee_id'])
    .where('p.account_id', '=', p.account_id)
    .where('p.conversation_id', '=', p.conversation_id)
    .where(
      sql<boolean>`(a.role = 'administrator' or exists (select 1 from inbox_members m
        where m.account_id = p.account_id and m.inbox_id = p.inbox_id and m.user_id = p.user_id))`,
    )
    .orderBy('p.user_id'),
)

/**
 * Returns the users who follow a conversation and see it, and when they have last seen it, in milliseconds. Those who have
 * stopped following it have a `left_at`: one of them may still be the assignee, whose id each row contains.
 */
export function selectListeners(queries: Queries, key: Key) {
  return listeners(queries, key)
}

/** Records when a user has seen a conversation that they follow. */
export const markSeenBy = prepare<Key & { user_id: number; now: number }>()((builder, p) =>
  builder
    .updateTable('conversation_participants')
    .set({ seen_at: p.now })
    .where('account_id', '=', p.account_id)
    .where('conversation_id', '=', p.conversation_id)
    .where('user_id', '=', p.user_id),
)
