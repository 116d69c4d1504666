import type { Queries } from '../../db/database.ts'
import { prepare } from '../../db/prepare.ts'

interface Owner {
  account_id: number
  inbox_id: number
  contact_id: number
}

const ownConversation = prepare<Owner & { id: number }>()((builder, p) =>
  builder
    .selectFrom('conversations')
    .select(['id', 'merged_into_id'])
    .where('account_id', '=', p.account_id)
    .where('id', '=', p.id)
    .where('inbox_id', '=', p.inbox_id)
    .where('contact_id', '=', p.contact_id),
)

/** A conversation of the contact in the inbox; undefined for any other. */
export async function findConversationOf(queries: Queries, owner: Owner, id: number) {
  const { account_id, inbox_id, contact_id } = owner
  return (await ownConversation(queries, { account_id, inbox_id, contact_id, id }))[0]
}

/** The number of unresolved conversations of a contact in an inbox, counted up to `limit`. */
export async function countUnresolved(queries: Queries, owner: Owner, limit: number): Promise<number> {
  const rows = await queries.sql
    .selectFrom('conversations')
    .select('id')
    .where('account_id', '=', owner.account_id)
    .where('contact_id', '=', owner.contact_id)
    .where('inbox_id', '=', owner.inbox_id)
    .where('status', '!=', 'resolved')
    .limit(limit)
    .execute()
  return rows.length
}

const latestConversation = prepare<Owner>()((builder, p) =>
  builder
    .selectFrom('conversations')
    .select('id')
    .where('account_id', '=', p.account_id)
    // Without the subquery, SQLite reads all conversations of the account.
    .where('id', 'in', (eb) =>
      eb
        .selectFrom('conversations as own')
        .select('own.id')
        .where('own.account_id', '=', p.account_id)
        .where('own.contact_id', '=', p.contact_id)
        .where('own.inbox_id', '=', p.inbox_id)
        .where('own.merged_into_id', 'is', null),
    )
    .orderBy('last_activity_at', 'desc')
    .orderBy('id', 'desc')
    .limit(1),
)

/** The contact's conversation in the inbox with the latest activity. */
export async function findLatestConversation(queries: Queries, owner: Owner): Promise<number | undefined> {
  return (await latestConversation(queries, owner))[0]?.id
}

/** The contact's newest conversation that contains a message with one of these `source_id`s. */
export async function findThread(
  queries: Queries,
  owner: Owner,
  sourceIds: readonly string[],
): Promise<number | undefined> {
  if (sourceIds.length === 0) return undefined
  const row = await queries.sql
    .selectFrom('messages as m')
    .innerJoin('conversations as c', (join) =>
      join.onRef('c.account_id', '=', 'm.account_id').onRef('c.id', '=', 'm.conversation_id'),
    )
    .select('c.id')
    .where('m.account_id', '=', owner.account_id)
    .where('m.inbox_id', '=', owner.inbox_id)
    .where('m.source_id', 'in', sourceIds)
    .where('c.contact_id', '=', owner.contact_id)
    .orderBy('c.id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.id
}
