import { sql } from 'kysely'
import type { Queries } from '../../db/database.ts'
import { json } from '../../db/json.ts'
import { rowsOf } from '../../db/rows.ts'
import { type Actor, seesAllInboxes } from '../../lib/actor.ts'
import { isVisible } from './parts.store.ts'
import type { ConversationQuery } from './schema.ts'

/** A conversation that a search has found: what it is counted and sorted by. */
export interface Candidate {
  id: number
  assignee_id: number | null
  at: number
}

/**
 * Returns those of the conversations that match the filters and are visible to the actor. The assignee is not a filter,
 * because the counts include all assignees.
 */
export function selectCandidates(
  queries: Queries,
  actor: Actor,
  { status, inbox_id, team_id, labels, sort }: ConversationQuery,
  ids: number[],
): Promise<Candidate[]> {
  const { engine } = queries
  // Without statistics, SQLite would read all conversations with the status. The unary plus prevents that.
  const ownStatus = sql.raw(engine === 'sqlite' ? '+c.status' : 'c.status')
  let query = queries.sql
    .selectFrom('conversations as c')
    .select(['c.id', 'c.assignee_id', `c.${sort} as at`])
    .where('c.account_id', '=', actor.accountId)
    .where(json[engine].isIn(sql.ref('c.id'), JSON.stringify(ids), 'bigint'))
  if (status !== 'all') query = query.where(sql<boolean>`${ownStatus} = ${status}`)
  if (inbox_id !== undefined) query = query.where('c.inbox_id', '=', inbox_id)
  if (team_id !== undefined) query = query.where('c.team_id', '=', team_id)
  for (const title of labels ?? []) query = query.where(hasLabel(title))
  if (!seesAllInboxes(actor)) query = query.where(isVisible({ user_id: actor.userId, sees_all: 0 }))
  return query.execute()
}

function hasLabel(title: string) {
  return sql<boolean>`exists (select 1 from conversation_labels w
    join labels l on l.account_id = w.account_id and l.id = w.label_id
    where w.account_id = c.account_id and w.conversation_id = c.id and l.title = ${title})`
}

/** Returns ids of the conversations of contacts, at most `limit`: those of the newest contacts first. */
export async function conversationsOfContacts(
  queries: Queries,
  accountId: number,
  contactIds: number[],
  limit: number,
): Promise<number[]> {
  if (contactIds.length === 0) return []
  const keys = rowsOf(queries.engine, JSON.stringify(contactIds.map((id) => ({ id }))), { id: 'bigint' })
  // One contact after another: PostgreSQL would read all conversations in the order of their contacts.
  const ofContact = sql`conversations c where c.account_id = ${accountId} and c.contact_id = r.id`
  const query =
    queries.engine === 'sqlite'
      ? sql<{ id: number }>`select c.id from ${keys} cross join ${ofContact} limit ${limit}`
      : sql<{ id: number }>`select c.id from ${keys}
          cross join lateral (select c.id from ${ofContact} limit ${limit}) c limit ${limit}`
  const { rows } = await query.execute(queries.sql)
  return rows.map(({ id }) => id)
}

/** A message that a search has found. */
export interface FoundMessage {
  id: number
  conversation_id: number
  content: string
}

/** Returns the contents of messages, each given by its conversation and id. */
export async function selectFoundMessages(
  queries: Queries,
  accountId: number,
  messages: { conversation_id: number; id: number }[],
): Promise<FoundMessage[]> {
  if (messages.length === 0) return []
  const keys = rowsOf(queries.engine, JSON.stringify(messages), { conversation_id: 'bigint', id: 'bigint' })
  // Not a join: both engines would rather read all messages of the account.
  const content = sql`(select m.content from messages m where m.account_id = ${accountId}
    and m.conversation_id = r.conversation_id and m.id = r.id)`
  const query = sql<{ id: number; conversation_id: number; content: string | null }>`
    select r.id, r.conversation_id, ${content} as content from ${keys}`
  const { rows } = await query.execute(queries.sql)
  return rows.map((row) => ({ ...row, content: row.content ?? '' }))
}
