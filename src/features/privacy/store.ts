import { type Selectable, sql } from 'kysely'
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

/** The ids of a contact's conversations. */
export async function selectConversationIds(
  queries: Queries,
  accountId: number,
  contactId: number,
): Promise<number[]> {
  const rows = await conversationsOf(queries, accountId, contactId).execute()
  return rows.map(({ id }) => id)
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
  const guestMessages = await tx.sql
    .selectFrom('guest_messages')
    .select(['conversation_id', 'message_id'])
    .where('account_id', '=', accountId)
    .where('contact_id', '=', fromId)
    .execute()
  for (const { conversation_id, message_id } of guestMessages) {
    await tx.sql
      .updateTable('messages')
      .set({ sender_id: toId })
      .where('account_id', '=', accountId)
      .where('conversation_id', '=', conversation_id)
      .where('id', '=', message_id)
      .execute()
  }
  for (const isAbout of Object.values(eventsAbout(tx, accountId, fromId))) {
    await tx.sql
      .updateTable('events')
      .set((eb) => ({
        contact_id: toId,
        actor_id: sql<number | null>`case when actor_type = 'contact' and actor_id = ${fromId} then ${toId}
          else ${eb.ref('actor_id')} end`,
      }))
      .where('account_id', '=', accountId)
      .where('contact_id', '=', fromId)
      .where(isAbout)
      .execute()
  }
  await tx.sql
    .insertInto('contact_labels')
    .columns(['account_id', 'contact_id', 'label_id'])
    .expression((eb) =>
      eb
        .selectFrom('contact_labels')
        .select(['account_id', sql<number>`cast(${toId} as bigint)`.as('contact_id'), 'label_id'])
        .where('account_id', '=', accountId)
        .where('contact_id', '=', fromId),
    )
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  // Afterwards the conversations are no longer those of the contact.
  for (const table of ['contact_inboxes', 'contact_secrets', 'conversations', 'guest_messages'] as const) {
    await tx.sql
      .updateTable(table)
      .set({ contact_id: toId })
      .where('account_id', '=', accountId)
      .where('contact_id', '=', fromId)
      .execute()
  }
}

/**
 * Conditions that together find all events about a contact, each by an index: those about messages of its conversations,
 * about the conversations, and, among those about no conversation, about the contact. With `contact_id` alone the database
 * would read the whole log.
 */
export function eventsAbout(tx: Queries, accountId: number, contactId: number) {
  const conversations = conversationsOf(tx, accountId, contactId)
  const messages = tx.sql
    .selectFrom('messages')
    .select('id')
    .where('account_id', '=', accountId)
    .where('conversation_id', 'in', conversations)
  return {
    ofMessages: sql<boolean>`message_id in ${messages}`,
    ofConversations: sql<boolean>`(message_id is null and conversation_id in ${conversations})`,
    ofContact: isOnlyAboutContact,
  }
}

export const isOnlyAboutContact = sql<boolean>`(message_id is null and conversation_id is null)`

/** Deletes the row of a contact, to which no other row may refer. */
export async function deleteContact(tx: Queries, accountId: number, id: number): Promise<void> {
  await tx.sql.deleteFrom('contacts').where('account_id', '=', accountId).where('id', '=', id).execute()
}

/** A subquery: the ids of a contact's conversations. */
export function conversationsOf(tx: Queries, accountId: number, contactId: number) {
  return tx.sql
    .selectFrom('conversations')
    .select('id')
    .where('account_id', '=', accountId)
    .where('contact_id', '=', contactId)
}
