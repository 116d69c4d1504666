import type { Selectable, Updateable } from 'kysely'
import type { Queries } from '../../db/database.ts'
import type { Tables } from '../../db/tables.ts'
import { type Actor, seesAllInboxes } from '../../lib/actor.ts'

export type Row = Selectable<Tables['contacts']>

/** The numbers of a contact's conversations that the actor may see, the latest first, and how many there are. */
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

export async function findRow(tx: Queries, accountId: number, id: number): Promise<Row | undefined> {
  return tx.sql
    .selectFrom('contacts')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('id', '=', id)
    .executeTakeFirst()
}

export async function updateRow(
  tx: Queries,
  accountId: number,
  id: number,
  change: Updateable<Tables['contacts']>,
): Promise<void> {
  await tx.sql
    .updateTable('contacts')
    .set({ ...change, updated_at: Date.now() })
    .where('account_id', '=', accountId)
    .where('id', '=', id)
    .execute()
}

/** Takes the rows of a contact's conversations, makes pages of them that are kept stale, and gives their numbers. */
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

/** All that names the one contact names the other. */
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
 * What is kept of a contact and of its conversations, in an order that breaks no reference. Whatever names one of them
 * in a table of its own belongs here: a test looks for such tables.
 */
export const ofConversations = [
  'messages',
  'conversation_labels',
  'search_documents',
  'webhook_deliveries',
] as const
export const ofContacts = ['conversations', 'contact_inboxes', 'contact_secrets'] as const

/** Deletes the contact and all that names it. */
export async function eraseEverything(tx: Queries, accountId: number, contactId: number): Promise<void> {
  // In one statement: no index leads to them (each message would pay for it), so the account's log is read through.
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
  for (const table of ofConversations) {
    await tx.sql
      .deleteFrom(table)
      .where('account_id', '=', accountId)
      .where('conversation_id', 'in', conversationsOf(tx, accountId, contactId))
      .execute()
  }
  for (const table of ofContacts) {
    await tx.sql
      .deleteFrom(table)
      .where('account_id', '=', accountId)
      .where('contact_id', '=', contactId)
      .execute()
  }
  await deleteContact(tx, accountId, contactId)
}

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
