import type { Queries } from '../../db/database.ts'
import { updateNextDue } from '../../deliveries/target.store.ts'
import { conversationsOf, deleteContact, eventsAbout, isOnlyAboutContact } from './store.ts'

/** What is found before the transaction that erases a contact, because no index leads to it. */
export interface Traces {
  /** The positions of the events about the contact and no conversation. */
  events: number[]
  /** The deliveries of events about its conversations. */
  deliveries: { target_id: number; position: number }[]
  /** Events after this position, and their deliveries, may be missing. */
  upTo: number
}

/**
 * Finds the events and deliveries of a contact that no index leads to. `upTo` is a position that the log, and the follower
 * that creates deliveries, had reached before this call.
 */
export async function findTraces(
  queries: Queries,
  accountId: number,
  contactId: number,
  upTo: number,
): Promise<Traces> {
  const events = await queries.sql
    .selectFrom('events')
    .select('position')
    .where('account_id', '=', accountId)
    .where('contact_id', '=', contactId)
    .where(isOnlyAboutContact)
    .execute()
  const deliveries = await queries.sql
    .selectFrom('deliveries')
    .select(['target_id', 'position'])
    .where('account_id', '=', accountId)
    .where('conversation_id', 'in', conversationsOf(queries, accountId, contactId))
    .execute()
  return { events: events.map(({ position }) => position!), deliveries, upTo }
}

/**
 * The tables with rows of a contact or of its conversations, in an order that violates no foreign key. A test finds tables
 * that are missing here.
 */
export const conversationTables = [
  'messages',
  'conversation_labels',
  'drafts',
  'scheduled_messages',
  'proposals',
  'macro_runs',
  'bulk_action_targets',
  'conversation_participants',
  'unattended_conversations',
  'notifications',
] as const
export const contactTables = [
  'conversations',
  'visits',
  'contact_notes',
  'contact_inboxes',
  'contact_secrets',
  'guest_messages',
  'contact_labels',
] as const
/** Triggers delete their rows with the messages, conversations and contacts that they are about. */
export const tablesOfTriggers = ['search_documents', 'mails', 'mail_people', 'guest_messages'] as const

/** Deletes the contact and all rows that refer to it. Most of its messages should be erased already. */
export async function eraseEverything(
  tx: Queries,
  accountId: number,
  contactId: number,
  traces: Traces,
): Promise<void> {
  await deleteEvents(tx, accountId, contactId, traces)
  await deleteDeliveries(tx, accountId, contactId, traces)
  for (const table of conversationTables) {
    await tx.sql
      .deleteFrom(table)
      .where('account_id', '=', accountId)
      .where('conversation_id', 'in', conversationsOf(tx, accountId, contactId))
      .execute()
  }
  while (await eraseGuestMessages(tx, accountId, contactId));
  await deleteFromMailPeople(tx, accountId, contactId)
  for (const table of contactTables) {
    await tx.sql
      .deleteFrom(table)
      .where('account_id', '=', accountId)
      .where('contact_id', '=', contactId)
      .execute()
  }
  await deleteContact(tx, accountId, contactId)
}

// SQLite takes up to 5 ms to remove a message from the search.
const erasedTogether = 5

/**
 * Deletes some messages of a contact in conversations of others, with their events. Returns whether there may be more.
 */
export async function eraseGuestMessages(
  tx: Queries,
  accountId: number,
  contactId: number,
): Promise<boolean> {
  const rows = await tx.sql
    .selectFrom('guest_messages')
    .select(['conversation_id', 'message_id'])
    .where('account_id', '=', accountId)
    .where('contact_id', '=', contactId)
    .limit(erasedTogether)
    .execute()
  if (rows.length === 0) return false
  const ids = rows.map(({ message_id }) => message_id)
  const events = tx.sql.deleteFrom('events').where('account_id', '=', accountId)
  await events.where('message_id', 'in', ids).execute()
  for (const { conversation_id, message_id } of rows) {
    const messages = tx.sql.deleteFrom('messages').where('account_id', '=', accountId)
    await messages.where('conversation_id', '=', conversation_id).where('id', '=', message_id).execute()
  }
  const guests = tx.sql.deleteFrom('guest_messages').where('account_id', '=', accountId)
  await guests.where('contact_id', '=', contactId).where('message_id', 'in', ids).execute()
  return rows.length === erasedTogether
}

/** The contact's addresses no longer take part in the conversations of others. */
async function deleteFromMailPeople(tx: Queries, accountId: number, contactId: number): Promise<void> {
  const contact = await tx.sql
    .selectFrom('contacts')
    .select('email')
    .where('account_id', '=', accountId)
    .where('id', '=', contactId)
    .executeTakeFirst()
  const names = await tx.sql
    .selectFrom('contact_inboxes')
    .select('source_id')
    .where('account_id', '=', accountId)
    .where('contact_id', '=', contactId)
    .execute()
  const addresses = [contact?.email, ...names.map(({ source_id }) => source_id)].filter((one) => one != null)
  for (const some of chunks(addresses)) {
    const rows = tx.sql.deleteFrom('mail_people').where('account_id', '=', accountId)
    await rows.where('address', 'in', some).execute()
  }
}

async function deleteEvents(tx: Queries, accountId: number, contactId: number, { events, upTo }: Traces) {
  const ofAccount = () => tx.sql.deleteFrom('events').where('account_id', '=', accountId)
  const { ofMessages, ofConversations } = eventsAbout(tx, accountId, contactId)
  await ofAccount().where(ofMessages).execute()
  await ofAccount().where(ofConversations).execute()
  for (const positions of chunks(events)) await ofAccount().where('position', 'in', positions).execute()
  await ofAccount().where('contact_id', '=', contactId).where('position', '>', upTo).execute()
}

async function deleteDeliveries(
  tx: Queries,
  accountId: number,
  contactId: number,
  { deliveries, upTo }: Traces,
) {
  const ofAccount = () => tx.sql.deleteFrom('deliveries').where('account_id', '=', accountId)
  for (const [targetId, ofTarget] of Map.groupBy(deliveries, ({ target_id }) => target_id)) {
    for (const some of chunks(ofTarget)) {
      const positions = some.map(({ position }) => position)
      await ofAccount().where('target_id', '=', targetId).where('position', 'in', positions).execute()
    }
  }
  const targets = tx.sql.selectFrom('delivery_targets').select('id').where('account_id', '=', accountId)
  const later = await ofAccount()
    .where('target_id', 'in', targets)
    .where('position', '>', upTo)
    .where('conversation_id', 'in', conversationsOf(tx, accountId, contactId))
    .returning('target_id')
    .execute()
  const ids = [...deliveries, ...later].map(({ target_id }) => target_id)
  await updateNextDue(tx, accountId, ids)
}

/** Splits a list, so that no statement has too many parameters. */
function* chunks<T>(list: readonly T[]): Iterable<T[]> {
  const size = 500
  for (let start = 0; start < list.length; start += size) yield list.slice(start, start + size)
}
