import type { Selectable } from 'kysely'
import type { Queries } from '../../db/database.ts'
import type { Tables } from '../../db/tables.ts'
import { type Actor, seesAllInboxes } from '../../lib/actor.ts'

export type ContactRow = Selectable<Tables['contacts']>

/** A range of the ids of a contact's conversations that the actor may see, latest activity first, and how many there are. */
export async function selectConversations(
  queries: Queries,
  actor: Actor,
  contactId: number,
  range: { limit: number; offset: number },
): Promise<{ ids: number[]; count: number }> {
  let visible = queries.sql
    .selectFrom('conversations as c')
    .where('c.account_id', '=', actor.accountId)
    .where('c.contact_id', '=', contactId)
  if (!seesAllInboxes(actor)) {
    visible = visible.where(({ exists, selectFrom }) =>
      exists(
        selectFrom('inbox_members as m')
          .select('m.user_id')
          .whereRef('m.account_id', '=', 'c.account_id')
          .whereRef('m.inbox_id', '=', 'c.inbox_id')
          .where('m.user_id', '=', actor.userId),
      ),
    )
  }
  const { count } = await visible
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  const rows = await visible
    .select('c.id')
    .orderBy('c.last_activity_at', 'desc')
    .orderBy('c.id', 'desc')
    .limit(range.limit)
    .offset(range.offset)
    .execute()
  return { ids: rows.map(({ id }) => id), count }
}

/** The row of a contact; undefined if there is none. */
export async function findContactRow(
  tx: Queries,
  accountId: number,
  id: number,
): Promise<ContactRow | undefined> {
  return tx.sql
    .selectFrom('contacts')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('id', '=', id)
    .executeTakeFirst()
}

/** Locks the rows of a contact's conversations, invalidates their cached pages, and returns their ids. */
export async function lockConversations(
  tx: Queries,
  accountId: number,
  contactId: number,
): Promise<number[]> {
  const rows = await tx.sql
    .updateTable('conversations')
    .set(({ eb }) => ({ version: eb('version', '+', 1) }))
    .where('account_id', '=', accountId)
    .where('contact_id', '=', contactId)
    .returning('id')
    .execute()
  return rows.map(({ id }) => id).sort((one, other) => one - other)
}

/** Makes all rows that refer to one contact refer to another. */
export async function moveEverything(
  tx: Queries,
  accountId: number,
  fromId: number,
  toId: number,
): Promise<void> {
  await tx.sql
    .updateTable('messages')
    .set({ sender_id: toId })
    .where('account_id', '=', accountId)
    .where('conversation_id', 'in', conversationsOf(tx, accountId, fromId))
    .where('sender_type', '=', 'Contact')
    .where('sender_id', '=', fromId)
    .execute()
  await tx.sql
    .updateTable('events')
    .set({ actor_id: toId })
    .where('account_id', '=', accountId)
    .where('contact_id', '=', fromId)
    .where('actor_type', '=', 'contact')
    .where('actor_id', '=', fromId)
    .execute()
  for (const table of ['contact_inboxes', 'contact_secrets', 'conversations', 'events'] as const) {
    await tx.sql
      .updateTable(table)
      .set({ contact_id: toId })
      .where('account_id', '=', accountId)
      .where('contact_id', '=', fromId)
      .execute()
  }
}

/**
 * The tables with rows of a contact or of its conversations, in an order that violates no foreign key. A test finds tables
 * that are missing here.
 */
export const conversationTables = [
  'messages',
  'conversation_labels',
  'search_documents',
  'deliveries',
] as const
export const contactTables = ['conversations', 'contact_inboxes', 'contact_secrets'] as const

/** Deletes the contact and all rows that refer to it. */
export async function eraseEverything(tx: Queries, accountId: number, contactId: number): Promise<void> {
  // One statement, because it reads all events of the account: an index would slow down every message.
  await tx.sql
    .deleteFrom('events')
    .where('account_id', '=', accountId)
    .where(({ or, eb }) =>
      or([
        eb('contact_id', '=', contactId),
        eb('conversation_id', 'in', conversationsOf(tx, accountId, contactId)),
      ]),
    )
    .execute()
  for (const table of conversationTables) {
    await tx.sql
      .deleteFrom(table)
      .where('account_id', '=', accountId)
      .where('conversation_id', 'in', conversationsOf(tx, accountId, contactId))
      .execute()
  }
  for (const table of contactTables) {
    await tx.sql
      .deleteFrom(table)
      .where('account_id', '=', accountId)
      .where('contact_id', '=', contactId)
      .execute()
  }
  await deleteContact(tx, accountId, contactId)
}

/** Deletes the row of a contact, to which no other row may refer. */
export async function deleteContact(tx: Queries, accountId: number, id: number): Promise<void> {
  await tx.sql.deleteFrom('contacts').where('account_id', '=', accountId).where('id', '=', id).execute()
}

function conversationsOf(tx: Queries, accountId: number, contactId: number) {
  return tx.sql
    .selectFrom('conversations')
    .select('id')
    .where('account_id', '=', accountId)
    .where('contact_id', '=', contactId)
}
