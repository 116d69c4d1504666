import { sql } from 'kysely'
import type { Queries } from '../../db/database.ts'
import { json } from '../../db/json.ts'
import type { SortKey } from './schema.ts'

/** The position of a contact in a list: the value that it is sorted by, null if it has none, and its id. */
export interface ContactPosition {
  value: string | number | null
  id: number
}

interface Order {
  by: SortKey
  descending: boolean
}

/**
 * The positions of the contacts after one of them, at most `limit`, from the index of the order: so the last page takes as
 * long as the first one. Contacts without a value come last, in a query of their own.
 */
export async function selectPositionsAfter(
  queries: Queries,
  accountId: number,
  order: Order,
  after: ContactPosition | undefined,
  limit: number,
): Promise<ContactPosition[]> {
  const found = after?.value === null ? [] : await selectWithValue(queries, accountId, order, after, limit)
  const isRequired = order.by === 'name' || order.by === 'created_at'
  if (found.length === limit || isRequired) return found
  const start = after?.value === null ? after.id : undefined
  return [...found, ...(await selectWithout(queries, accountId, order, start, limit - found.length))]
}

/**
 * The positions of some contacts in an order, `limit` of them: from `offset` on, or after one of them. Those without a
 * value come last.
 */
export async function sortPositions(
  queries: Queries,
  accountId: number,
  { by, descending }: Order,
  ids: readonly number[],
  { limit, offset = 0, after }: { limit: number; offset?: number; after?: ContactPosition | undefined },
): Promise<ContactPosition[]> {
  if (ids.length === 0) return []
  const direction = descending ? 'desc' : 'asc'
  const isBehind = sql.raw(descending ? '<' : '>')
  const column = sql.ref(by)
  const isIn = json[queries.engine].isIn(sql.ref('id'), JSON.stringify(ids), 'bigint')
  let rows = queries.sql.selectFrom('contacts').select(['id', `${by} as value`])
  rows = rows.where('account_id', '=', accountId).where(isIn)
  if (after?.value === null) rows = rows.where(sql<boolean>`${column} is null and id ${isBehind} ${after.id}`)
  else if (after)
    rows = rows.where(
      sql<boolean>`(${column} is null or (${column}, id) ${isBehind} (${after.value}, ${after.id}))`,
    )
  return rows
    .orderBy(sql`case when ${column} is null then 1 else 0 end`)
    .orderBy(by, direction)
    .orderBy('id', direction)
    .limit(limit)
    .offset(offset)
    .execute()
}

/** The ids of the contacts of a company, newest first, below `before`. */
export async function selectIdsOfCompany(
  queries: Queries,
  accountId: number,
  companyId: number,
  before: number,
  limit: number,
): Promise<number[]> {
  const all = queries.sql.selectFrom('contacts').select('id').where('account_id', '=', accountId)
  const rows = all.where('company_id', '=', companyId).where('id', '<', before).orderBy('id', 'desc')
  return (await rows.limit(limit).execute()).map(({ id }) => id)
}

async function selectWithValue(
  queries: Queries,
  accountId: number,
  { by, descending }: Order,
  after: ContactPosition | undefined,
  limit: number,
): Promise<ContactPosition[]> {
  const direction = descending ? 'desc' : 'asc'
  const isBehind = sql.raw(descending ? '<' : '>')
  const column = sql.ref(by)
  const isUnique = by === 'email' || by === 'phone_number'
  let rows = queries.sql.selectFrom('contacts').select(['id', `${by} as value`])
  rows = rows.where('account_id', '=', accountId).where(by, 'is not', null)
  if (after && isUnique) rows = rows.where(sql<boolean>`${column} ${isBehind} ${after.value}`)
  else if (after) rows = rows.where(sql<boolean>`(${column}, id) ${isBehind} (${after.value}, ${after.id})`)
  rows = rows.orderBy(by, direction)
  if (!isUnique) rows = rows.orderBy('id', direction)
  return rows.limit(limit).execute()
}

async function selectWithout(
  queries: Queries,
  accountId: number,
  { by, descending }: Order,
  start: number | undefined,
  limit: number,
): Promise<ContactPosition[]> {
  let rows = queries.sql.selectFrom('contacts').select('id').where('account_id', '=', accountId)
  rows = rows.where(by, 'is', null)
  if (start !== undefined) rows = rows.where('id', descending ? '<' : '>', start)
  const found = await rows
    .orderBy('id', descending ? 'desc' : 'asc')
    .limit(limit)
    .execute()
  return found.map(({ id }) => ({ id, value: null }))
}
