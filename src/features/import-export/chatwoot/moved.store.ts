import { sql } from 'kysely'
import type { Queries } from '../../../db/database.ts'
import { prepare } from '../../../db/prepare.ts'
import { rowsOf } from '../../../db/rows.ts'
import type { MessageKey } from './content.store.ts'

/** The merges and splits that have moved messages from these conversations to others. */
export async function selectMoves(queries: Queries, accountId: number, fromIds: readonly number[]) {
  if (fromIds.length === 0) return []
  // Without statistics, SQLite would read all moves of the account for a single id.
  const index = sql.raw(queries.engine === 'sqlite' ? 'indexed by conversation_moves_from' : '')
  const { rows } = await sql<{ from_id: number; to_id: number }>`select distinct from_id, to_id
    from conversation_moves ${index}
    where account_id = ${accountId} and from_id in (${sql.join(fromIds)})`.execute(queries.sql)
  return rows
}

const messagesOfContacts = prepare<{ account_id: number; keys: string }>()((builder, p, engine) => {
  const keys = rowsOf(engine, p.keys, { conversation_id: 'bigint', id: 'bigint' })
  const query = sql<MessageKey & { updated_at: number }>`select m.conversation_id, m.id, m.updated_at
    from ${keys} cross join conversations f cross join conversations c cross join messages m
    where f.account_id = ${p.account_id} and f.id = r.conversation_id
      and c.account_id = f.account_id and c.contact_id = f.contact_id
      and m.account_id = c.account_id and m.conversation_id = c.id and m.id = r.id`
  return { compile: () => query.compile(builder) }
})

/** The messages with these ids in any conversation of the contacts of these conversations. */
export async function selectMessagesOfContacts(queries: Queries, account_id: number, keys: MessageKey[]) {
  if (keys.length === 0) return []
  return messagesOfContacts(queries, { account_id, keys: JSON.stringify(keys) })
}
