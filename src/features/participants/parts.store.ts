import { sql } from 'kysely'
import { prepare } from '../../db/prepare.ts'
import { rowsOf } from '../../db/rows.ts'

interface Key {
  account_id: number
  conversation_id: number
}

/** A user who follows a conversation and sees it, and when they have last seen it, in milliseconds. */
export interface Listener {
  user_id: number
  seen_at: number | null
  /** Set if they have stopped following it. They may still be the assignee. */
  left_at: number | null
}

// The conversations of a step, as a JSON list of objects.
interface Several {
  account_id: number
  ids: string
}

/** Returns the assignees of conversations, and the conversations that they were merged into. */
export const selectAssignments = prepare<Several>()((builder, p, engine) => {
  const query = sql<{ id: number; assignee_id: number | null; merged_into_id: number | null }>`
    select c.id, c.assignee_id, c.merged_into_id
      from ${rowsOf(engine, p.ids, { id: 'bigint' })} cross join conversations c
      where c.account_id = ${p.account_id} and c.id = r.id`
  return { compile: () => query.compile(builder) }
})

/** Returns the users who follow conversations and see them, also those who have stopped following them. */
export const selectListeners = prepare<Several>()((builder, p, engine) => {
  const query = sql<Listener & { conversation_id: number }>`
    select p.conversation_id, p.user_id, p.seen_at, p.left_at
      from ${rowsOf(engine, p.ids, { id: 'bigint' })} cross join conversation_participants p
        join account_users a on a.account_id = p.account_id and a.user_id = p.user_id
      where p.account_id = ${p.account_id} and p.conversation_id = r.id
        and (a.role = 'administrator' or exists (select 1 from inbox_members m
          where m.account_id = p.account_id and m.inbox_id = p.inbox_id and m.user_id = p.user_id))
      order by p.conversation_id, p.user_id`
  return { compile: () => query.compile(builder) }
})

/** Records when a user has seen a conversation that they follow. */
export const markSeenBy = prepare<Key & { user_id: number; now: number }>()((builder, p) =>
  builder
    .updateTable('conversation_participants')
    .set({ seen_at: p.now })
    .where('account_id', '=', p.account_id)
    .where('conversation_id', '=', p.conversation_id)
    .where('user_id', '=', p.user_id),
)
