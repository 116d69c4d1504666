import { type Selectable, type SelectQueryBuilder, sql } from 'kysely'
import type { Engine, Queries } from '../../db/database.ts'
import { json } from '../../db/json.ts'
import { prepare } from '../../db/prepare.ts'
import type { Tables } from '../../db/tables.ts'
import { toSeconds } from '../../lib/time.ts'
import { selectCompanyNames } from '../companies/parts.store.ts'
import type { CompanyName } from '../companies/schema.ts'
import type { Contact, SortKey } from './schema.ts'

type Row = Selectable<Tables['contacts']>
type UniqueColumn = 'email' | 'phone_number' | 'identifier'

/** Adds a contact, which is not blocked. */
export async function insertContact(tx: Queries, row: Omit<Row, 'blocked' | 'last_activity_at'>) {
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
    .select(labelsOf(queries.engine))
    .where('account_id', '=', accountId)
    .where('id', '=', id)
    .executeTakeFirst()
  if (!row) return undefined
  const companies = await selectCompanyNames(queries, accountId, [row])
  return toContact(row, row.labels?.split(',') ?? [], companies)
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

/** Returns a range of the contacts. Those without a value to sort by come last. */
export async function selectContacts(
  queries: Queries,
  accountId: number,
  order: Order,
  range: Range,
): Promise<Contact[]> {
  const all = queries.sql.selectFrom('contacts').where('account_id', '=', accountId)
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
  return toContacts(queries, accountId, rows)
}

const byIds = prepare<{ account_id: number; ids: string }>()((builder, p, engine) =>
  builder
    .selectFrom('contacts')
    .selectAll()
    .where('account_id', '=', p.account_id)
    .where(json[engine].isIn(sql.ref('id'), p.ids, 'bigint')),
)

/** Returns the contacts with these ids, in their order. */
export async function selectContactsById(
  queries: Queries,
  accountId: number,
  ids: number[],
): Promise<Contact[]> {
  if (ids.length === 0) return []
  const rows = await byIds(queries, { account_id: accountId, ids: JSON.stringify(ids) })
  const contacts = await toContacts(queries, accountId, rows)
  const byId = new Map(contacts.map((contact) => [contact.id, contact]))
  return ids.flatMap((id) => byId.get(id) ?? [])
}

function isUnique(column: SortKey): boolean {
  return column === 'email' || column === 'phone_number'
}

function isRequired(column: SortKey): boolean {
  return column === 'name' || column === 'created_at'
}

async function countRows(rows: SelectQueryBuilder<Tables, 'contacts', object>): Promise<number> {
  const { count } = await rows.select(({ fn }) => fn.countAll<number>().as('count')).executeTakeFirstOrThrow()
  return count
}

/** The titles of a contact's labels, as a subquery. They contain no commas. */
function labelsOf(engine: Engine) {
  const titles = sql<
    string | null
  >`(select ${json[engine].elements('l.title', 'l.title')} from contact_labels w
    join labels l on l.account_id = w.account_id and l.id = w.label_id
    where w.account_id = contacts.account_id and w.contact_id = contacts.id)`
  return titles.as('labels')
}

/** The titles of the labels of contacts, in a query of its own: SQLite must read the contacts in the order of an index. */
async function selectLabels(
  queries: Queries,
  accountId: number,
  ids: number[],
): Promise<Map<number, string[]>> {
  if (ids.length === 0) return new Map()
  const rows = await queries.sql
    .selectFrom('contact_labels as w')
    .innerJoin('labels as l', (join) =>
      join.onRef('l.account_id', '=', 'w.account_id').onRef('l.id', '=', 'w.label_id'),
    )
    .select(['w.contact_id', 'l.title'])
    .where('w.account_id', '=', accountId)
    .where('w.contact_id', 'in', ids)
    .orderBy('l.title')
    .execute()
  const byContact = Map.groupBy(rows, ({ contact_id }) => contact_id)
  return new Map([...byContact].map(([id, own]) => [id, own.map(({ title }) => title)]))
}

async function toContacts(queries: Queries, accountId: number, rows: Row[]): Promise<Contact[]> {
  const ids = rows.map(({ id }) => id)
  const labels = await selectLabels(queries, accountId, ids)
  const companies = await selectCompanyNames(queries, accountId, rows)
  return rows.map((row) => toContact(row, labels.get(row.id) ?? [], companies))
}

function toContact(row: Row, labels: string[], companies: Map<number, CompanyName>): Contact {
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
    additional_attributes: JSON.parse(row.additional_attributes),
    labels,
    company_id: row.company_id,
    company: companies.get(row.company_id ?? 0) ?? null,
  }
}
