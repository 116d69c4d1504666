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
  if (text === undefined) {
    const count = queries.sql.selectFrom('contact_counts').select('value').where('account_id', '=', accountId)
    return (await count.executeTakeFirst())?.value ?? 0
  }
  const row = await matchingContacts(queries, accountId, text)
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return row.count
}

interface Order {
  by: SortKey
  descending: boolean
}

interface Range {
  limit: number
  offset: number
}

/** A range of the contacts, or of those that contain `text`. Contacts without a value to sort by come last. */
export async function selectContacts(
  queries: Queries,
  accountId: number,
  order: Order,
  range: Range,
  text?: string,
): Promise<Contact[]> {
  // In two queries, each in the order of an index: none has the order "nulls last" in both directions.
  const all = matchingContacts(queries, accountId, text)
  const direction = order.descending ? 'desc' : 'asc'
  const withValue = all.where(order.by, 'is not', null)
  let sorted = withValue.selectAll().orderBy(order.by, direction)
  if (!isUnique(order.by)) sorted = sorted.orderBy('id', direction)
  const rows = await sorted.limit(range.limit).offset(range.offset).execute()
  if (rows.length < range.limit && !isRequired(order.by)) {
    const isBehind = rows.length === 0 && range.offset > 0
    const before = isBehind ? await countRows(withValue) : range.offset + rows.length
    const rest = all.where(order.by, 'is', null).selectAll().orderBy('id', direction)
    const missing = range.limit - rows.length
    rows.push(
      ...(await rest
        .limit(missing)
        .offset(Math.max(0, range.offset - before))
        .execute()),
    )
  }
  return rows.map(toContact)
}

function isUnique(column: SortKey): boolean {
  return column === 'email' || column === 'phone_number'
}

function isRequired(column: SortKey): boolean {
  return column === 'name' || column === 'created_at'
}

async function countRows(rows: ReturnType<typeof matchingContacts>): Promise<number> {
  const { count } = await rows.select(({ fn }) => fn.countAll<number>().as('count')).executeTakeFirstOrThrow()
  return count
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
