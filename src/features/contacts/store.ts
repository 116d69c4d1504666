import type { Selectable } from 'kysely'
import type { Queries } from '../../db/database.ts'
import type { Tables } from '../../db/tables.ts'
import { toSeconds } from '../../lib/time.ts'
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

/** Returns the number of contacts. */
export async function countContacts(queries: Queries, accountId: number): Promise<number> {
  const count = queries.sql.selectFrom('contact_counts').select('value').where('account_id', '=', accountId)
  return (await count.executeTakeFirst())?.value ?? 0
}

interface Order {
  by: SortKey
  descending: boolean
}

interface Range {
  limit: number
  offset: number
}

/** Returns a range of the contacts, or of those with these ids. Contacts without a value to sort by come last. */
export async function selectContacts(
  queries: Queries,
  accountId: number,
  order: Order,
  range: Range,
  ids?: number[],
): Promise<Contact[]> {
  if (ids?.length === 0) return []
  const all = contactsWith(queries, accountId, ids)
  // In two queries, each in the order of an index: none has the order "nulls last" in both directions.
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

function contactsWith(queries: Queries, accountId: number, ids: number[] | undefined) {
  const all = queries.sql.selectFrom('contacts').where('account_id', '=', accountId)
  if (!ids) return all
  // The limit excludes none. Without it, SQLite would read all contacts in the order of an index.
  const some = all.selectAll().where('id', 'in', ids).limit(ids.length)
  return queries.sql.selectFrom(some.as('contacts')) as unknown as typeof all
}

function isUnique(column: SortKey): boolean {
  return column === 'email' || column === 'phone_number'
}

function isRequired(column: SortKey): boolean {
  return column === 'name' || column === 'created_at'
}

async function countRows(rows: ReturnType<typeof contactsWith>): Promise<number> {
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
