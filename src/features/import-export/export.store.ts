import { type Expression, sql } from 'kysely'
import type { Queries } from '../../db/database.ts'

/** The number of contacts and messages of an account, or of one inbox. */
export async function countAll(
  queries: Queries,
  accountId: number,
  inboxId: number | undefined,
): Promise<number> {
  const count = (table: 'contacts' | 'messages') =>
    queries.sql
      .selectFrom(table)
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .where('account_id', '=', accountId)
  let messages = count('messages')
  if (inboxId !== undefined) messages = messages.where('inbox_id', '=', inboxId)
  const contacts =
    inboxId === undefined ? count('contacts') : count('contacts').where(hasContactInbox(accountId, inboxId))
  const { count: contactCount } = await contacts.executeTakeFirstOrThrow()
  const { count: messageCount } = await messages.executeTakeFirstOrThrow()
  return contactCount + messageCount
}

function hasContactInbox(accountId: number, inboxId: number): Expression<boolean> {
  return sql<boolean>`exists (select 1 from contact_inboxes d where d.account_id = ${accountId}
    and d.contact_id = contacts.id and d.inbox_id = ${inboxId})`
}

/** The account's contacts with an id above `after`, at most `limit`. */
export function selectContacts(
  queries: Queries,
  accountId: number,
  inboxId: number | undefined,
  after: number,
  limit: number,
) {
  let contacts = queries.sql.selectFrom('contacts').selectAll().where('account_id', '=', accountId)
  if (inboxId !== undefined) contacts = contacts.where(hasContactInbox(accountId, inboxId))
  return contacts.where('id', '>', after).orderBy('id').limit(limit).execute()
}

/** The titles of the labels of the contacts from id `first` to `last`. */
export function selectContactLabels(queries: Queries, accountId: number, first: number, last: number) {
  return queries.sql
    .selectFrom('contact_labels as k')
    .innerJoin('labels as l', (join) =>
      join.onRef('l.account_id', '=', 'k.account_id').onRef('l.id', '=', 'k.label_id'),
    )
    .select(['k.contact_id', 'l.title'])
    .where('k.account_id', '=', accountId)
    .where('k.contact_id', '>=', first)
    .where('k.contact_id', '<=', last)
    .orderBy('l.title')
    .execute()
}

/** The contact inboxes of the contacts from id `first` to `last`, always in the same order. */
export function selectContactInboxes(queries: Queries, accountId: number, first: number, last: number) {
  return (
    queries.sql
      .selectFrom('contact_inboxes as d')
      .innerJoin('inboxes as i', (join) =>
        join.onRef('i.account_id', '=', 'd.account_id').onRef('i.id', '=', 'd.inbox_id'),
      )
      .select(['d.contact_id', 'd.inbox_id', 'i.name', 'd.source_id', 'd.has_name'])
      .where('d.account_id', '=', accountId)
      // A range, because with a list of ids SQLite would read all contact inboxes of the account.
      .where('d.contact_id', '>=', first)
      .where('d.contact_id', '<=', last)
      .orderBy('i.name')
      .orderBy('d.created_at')
      .orderBy('d.source_id')
      .execute()
  )
}

/**
 * The account's conversations with an id above `after`, at most `limit`. `contact_name` is the name with which the
 * conversation was started, otherwise the oldest name of its contact at the inbox, otherwise null.
 */
export function selectConversationsAfter(
  queries: Queries,
  accountId: number,
  inboxId: number | undefined,
  after: number,
  limit: number,
) {
  let all = queries.sql
    .selectFrom('conversations as c')
    .innerJoin('inboxes as i', (join) =>
      join.onRef('i.account_id', '=', 'c.account_id').onRef('i.id', '=', 'c.inbox_id'),
    )
    .innerJoin('contacts as p', (join) =>
      join.onRef('p.account_id', '=', 'c.account_id').onRef('p.id', '=', 'c.contact_id'),
    )
    .leftJoin('users as u', 'u.id', 'c.assignee_id')
    .leftJoin('teams as t', (join) =>
      join.onRef('t.account_id', '=', 'c.account_id').onRef('t.id', '=', 'c.team_id'),
    )
    .selectAll('c')
    .select(['i.name as inbox', 'u.email as assignee', 't.name as team'])
    .select('p.created_at as contact_created_at')
    .select((eb) =>
      eb
        .selectFrom('contact_inboxes as d')
        .select('d.source_id')
        .whereRef('d.account_id', '=', 'c.account_id')
        .whereRef('d.contact_id', '=', 'c.contact_id')
        .whereRef('d.inbox_id', '=', 'c.inbox_id')
        .where('d.has_name', '=', 1)
        .orderBy(sql`case when d.source_id = c.source_id then 0 else 1 end`)
        .orderBy('d.created_at')
        .orderBy('d.source_id')
        .limit(1)
        .as('contact_name'),
    )
    .where('c.account_id', '=', accountId)
  // The messages of a merged conversation are in another one.
  all = all.where('c.merged_into_id', 'is', null)
  // `+ 0` makes SQLite use the primary key, which is in the order of the result, instead of another index.
  if (inboxId !== undefined) all = all.where(sql<boolean>`c.inbox_id + 0 = ${inboxId}`)
  return all.where('c.id', '>', after).orderBy('c.id').limit(limit).execute()
}

/** The titles of the labels of these conversations. */
export function selectLabelTitles(queries: Queries, accountId: number, conversationIds: number[]) {
  return queries.sql
    .selectFrom('conversation_labels as k')
    .innerJoin('labels as l', (join) =>
      join.onRef('l.account_id', '=', 'k.account_id').onRef('l.id', '=', 'k.label_id'),
    )
    .select(['k.conversation_id', 'l.title'])
    .where('k.account_id', '=', accountId)
    .where('k.conversation_id', 'in', conversationIds)
    .orderBy('l.title')
    .execute()
}

/**
 * The messages of a conversation with an id above `after`, at most `limit`. `is_repeated` is 1 if an older message of the
 * conversation has the same `source_id`.
 */
export function selectMessagesAfter(
  queries: Queries,
  accountId: number,
  conversationId: number,
  after: number,
  limit: number,
) {
  return queries.sql
    .selectFrom('messages as m')
    .leftJoin('users as u', (join) => join.onRef('u.id', '=', 'm.sender_id').on('m.sender_type', '=', 'User'))
    .selectAll('m')
    .select('u.email as sender')
    .select(
      sql<number>`case when exists (select 1 from messages o where o.account_id = m.account_id
        and o.conversation_id = m.conversation_id and o.source_id = m.source_id and o.id < m.id) then 1 else 0 end`.as(
        'is_repeated',
      ),
    )
    .where('m.account_id', '=', accountId)
    .where('m.conversation_id', '=', conversationId)
    .where('m.id', '>', after)
    .orderBy('m.id')
    .limit(limit)
    .execute()
}

/** The media types of files, by their keys. */
export async function selectMediaTypes(
  queries: Queries,
  accountId: number,
  keys: string[],
): Promise<Map<string, string>> {
  const files = queries.sql.selectFrom('files').select(['key', 'type'])
  const rows = await files.where('account_id', '=', accountId).where('key', 'in', keys).execute()
  return new Map(rows.map(({ key, type }) => [key, type]))
}
