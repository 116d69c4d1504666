import { sql } from 'kysely'
import type { Queries } from '../../db/database.ts'
import type { Tables } from '../../db/tables.ts'
import type { UnindexedText } from './indexing.store.ts'
import { textOfContact } from './parts.store.ts'

type Backfill = Tables['search_backfills']

/** Returns the accounts with texts that are still to be indexed. */
export async function accountsToBackfill(queries: Queries): Promise<number[]> {
  const rows = await queries.sql.selectFrom('search_backfills').select('account_id').execute()
  return rows.map(({ account_id }) => account_id)
}

/** Returns how far an account has been indexed; undefined if nothing is missing. */
export function findBackfill(queries: Queries, accountId: number): Promise<Backfill | undefined> {
  const rows = queries.sql.selectFrom('search_backfills').selectAll().where('account_id', '=', accountId)
  return rows.executeTakeFirst()
}

/** Stores how far an account has been indexed. */
export async function moveBackfill(tx: Queries, { account_id, ...to }: Backfill): Promise<void> {
  await tx.sql.updateTable('search_backfills').set(to).where('account_id', '=', account_id).execute()
}

/** Notes that everything of an account has been indexed. */
export async function endBackfill(tx: Queries, accountId: number): Promise<void> {
  await tx.sql.deleteFrom('search_backfills').where('account_id', '=', accountId).execute()
}

/** A text, unless it already has a document. */
export type FoundText = UnindexedText & { isIndexed: number }

/** Returns the texts of contacts with ids below `before_contact`, the newest first. */
export async function textsOfContacts(tx: Queries, from: Backfill, limit: number): Promise<FoundText[]> {
  const rows = await tx.sql
    .selectFrom('contacts as p')
    .select(['p.id', 'p.name', 'p.email', 'p.phone_number', 'p.identifier', isIndexed('contact', 'p')])
    .where('p.account_id', '=', from.account_id)
    .where('p.id', '<', from.before_contact)
    .orderBy('p.id', 'desc')
    .limit(limit)
    .execute()
  return rows.map((row) => ({
    subject: 'contact',
    subject_id: row.id,
    conversation_id: null,
    text: textOfContact(row),
    isIndexed: row.is_indexed,
  }))
}

/** Returns the texts of messages before a position: those of the newest conversation first. */
export async function textsOfMessages(tx: Queries, from: Backfill, limit: number): Promise<FoundText[]> {
  const rows = await tx.sql
    .selectFrom('messages as m')
    .select(['m.id', 'm.conversation_id', 'm.content', 'm.message_type', isIndexed('message', 'm')])
    .where('m.account_id', '=', from.account_id)
    .where(sql<boolean>`(m.conversation_id, m.id) < (${from.before_conversation}, ${from.before_message})`)
    .orderBy('m.conversation_id', 'desc')
    .orderBy('m.id', 'desc')
    .limit(limit)
    .execute()
  return rows.map((row) => ({
    subject: 'message',
    subject_id: row.id,
    conversation_id: row.conversation_id,
    text: row.content ?? '',
    isIndexed: row.content === null || row.message_type === 'activity' ? 1 : row.is_indexed,
  }))
}

function isIndexed(subject: UnindexedText['subject'], table: 'm' | 'p') {
  return sql<number>`(select count(*) from search_documents d where d.account_id = ${sql.ref(`${table}.account_id`)}
    and d.subject = ${sql.lit(subject)} and d.subject_id = ${sql.ref(`${table}.id`)})`.as('is_indexed')
}
