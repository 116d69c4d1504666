import { sql, type Updateable } from 'kysely'
import type { Queries } from '../../../db/database.ts'
import { prepare } from '../../../db/prepare.ts'
import { inserter, rowsOf } from '../../../db/rows.ts'
import type { Tables } from '../../../db/tables.ts'

export const insertNotes = inserter('contact_notes', {
  account_id: 'bigint',
  id: 'bigint',
  contact_id: 'bigint',
  author_id: 'bigint',
  content: 'text',
  created_at: 'bigint',
  updated_at: 'bigint',
})

/** The notes with these ids, and when each was changed. */
export async function selectNotes(queries: Queries, accountId: number, ids: number[]) {
  if (ids.length === 0) return []
  const rows = queries.sql.selectFrom('contact_notes').select(['id', 'updated_at'])
  return rows.where('account_id', '=', accountId).where('id', 'in', ids).execute()
}

export async function updateNote(
  tx: Queries,
  id: number,
  { account_id, ...columns }: Updateable<Tables['contact_notes']> & { account_id: number },
): Promise<void> {
  const update = tx.sql.updateTable('contact_notes').set(columns).where('account_id', '=', account_id)
  await update.where('id', '=', id).execute()
}

/** A user who follows a conversation, since a time in milliseconds. */
export interface Participant {
  conversation_id: number
  user_id: number
  created_at: number
}

const participants = prepare<{ account_id: number; rows: string }>()((builder, p, engine) => {
  const rows = rowsOf(engine, p.rows, { conversation_id: 'bigint', user_id: 'bigint', created_at: 'bigint' })
  // `cross join` makes SQLite start with the list.
  const query = sql<{ user_id: number }>`
    insert into conversation_participants (account_id, conversation_id, user_id, inbox_id, created_at)
    select c.account_id, c.id, a.user_id, c.inbox_id, r.created_at
    from ${rows} cross join conversations c cross join account_users a
    where c.account_id = ${p.account_id} and c.id = r.conversation_id
      and a.account_id = ${p.account_id} and a.user_id = r.user_id
      and (a.role = 'administrator' or exists (select 1 from inbox_members m
        where m.account_id = c.account_id and m.inbox_id = c.inbox_id and m.user_id = a.user_id))
    on conflict (account_id, conversation_id, user_id) do nothing
    returning user_id`
  return { compile: () => query.compile(builder) }
})

/**
 * Makes users follow conversations, and returns how many do so now. Those who do not work in the inbox are left out, and so
 * are those who have stopped following it here.
 */
export async function insertParticipants(
  tx: Queries,
  account_id: number,
  rows: readonly Participant[],
): Promise<number> {
  if (rows.length === 0) return 0
  return (await participants(tx, { account_id, rows: JSON.stringify(rows) })).length
}
