import { type Selectable, sql } from 'kysely'
import type { Queries } from '../../db/database.ts'
import type { Tables } from '../../db/tables.ts'
import { toSeconds } from '../../lib/time.ts'
import { contactsWithWords } from '../search/parts.store.ts'
import { wordsOf } from '../search/words.ts'
import type { Contact, SortKey } from './schema.ts'

type Row = Selectable<Tables['contacts']>
type UniqueColumn = 'email' | 'phone_number' | 'identifier'

/** Adds a contact, which is not blocked. */
export async function insertContact(
  tx: Queries,
  row: Omit<Row, 'blocked' | 'last_activity_at' | 'avatar_url'>,
) {
  await tx.sql
    .insertInto('contacts')
    .values({ ...row, blocked: 0 })
    .execute()
}

/** The contact with an id, without its inboxes; undefined if there is none. */
export async function findContact(
  queries: Queries,
  accountId: number,
  id: number,
): Promise<Contact | undefined> {
  const row = await queries.sql
    .selectFrom('contacts')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('id', '=', id)
    .executeTakeFirst()
  return row && toContact(row)
}

/** The id of the contact with this value in a unique column; undefined if there is none. */
export async function findIdBy(
  queries: Queries,
  accountId: number,
  column: UniqueColumn,
  value: string | null,
) {
  const row = await queries.sql
    .selectFrom('contacts')
    .select('id')
    .where('account_id', '=', accountId)
    .where(column, '=', value)
    .executeTakeFirst()
  return row?.id
}

/**
 * The contacts that contain `text` in one of the searched columns, or all words of it (regardless of case and accents).
 * Without `text`, all contacts.
 */
function matchingContacts(queries: Queries, accountId: number, text: string | undefined) {
  const all = queries.sql.selectFrom('contacts').where('account_id', '=', accountId)
  if (text === undefined) return all
  // lower() of both engines changes only ASCII letters, so this must, too. The words are compared in all letters.
  const lowercase = text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
  const pattern = `%${lowercase.replace(/[\\%_]/g, '\\$&')}%`
  const conditions = searchedColumns.map(
    (column) => sql<boolean>`lower(${sql.ref(column)}) like ${pattern} escape '\\'`,
  )
  const words = wordsOf(text)
  if (words.length > 0) conditions.push(sql`id in ${contactsWithWords(queries.engine, accountId, words)}`)
  return all.where(({ or }) => or(conditions))
}

const searchedColumns = ['name', 'email', 'phone_number', 'identifier']

/** The number of contacts, or of those that contain `text`. */
export async function countContacts(queries: Queries, accountId: number, text?: string): Promise<number> {
  const row = await matchingContacts(queries, accountId, text)
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return row.count
}

/** A range of the contacts, or of those that contain `text`. Contacts without a value to sort by come last. */
export async function selectContacts(
  queries: Queries,
  accountId: number,
  order: { by: SortKey; descending: boolean },
  range: { limit: number; offset: number },
  text?: string,
): Promise<Contact[]> {
  const direction = order.descending ? 'desc' : 'asc'
  const rows = await matchingContacts(queries, accountId, text)
    .selectAll()
    .orderBy(order.by, (column) => (order.descending ? column.desc() : column.asc()).nullsLast())
    .orderBy('id', direction)
    .limit(range.limit)
    .offset(range.offset)
    .execute()
  return rows.map(toContact)
}

function toContact(row: Row): Contact {
  return {
    id: row.id,
    name: row.name,
    email: row.email,
    phone_number: row.phone_number,
    identifier: row.identifier,
    blocked: row.blocked === 1,
    thumbnail: row.avatar_url,
    last_activity_at: toSeconds(row.last_activity_at),
    created_at: toSeconds(row.created_at),
    custom_attributes: JSON.parse(row.custom_attributes),
  }
}
