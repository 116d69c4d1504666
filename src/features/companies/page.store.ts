import { type Selectable, sql } from 'kysely'
import type { Queries } from '../../db/database.ts'
import { json } from '../../db/json.ts'
import type { Tables } from '../../db/tables.ts'
import type { SortKey } from './schema.ts'

/** The position of a company in a list: the value that it is sorted by, and its id. */
export interface CompanyPosition {
  value: string | number
  id: number
}

interface Order {
  by: SortKey
  descending: boolean
}

/** The companies after one of them, at most `limit`, from the index of the order. */
export function selectCompaniesAfter(
  queries: Queries,
  accountId: number,
  { by, descending }: Order,
  after: CompanyPosition | undefined,
  limit: number,
) {
  const direction = descending ? 'desc' : 'asc'
  const isBehind = sql.raw(descending ? '<' : '>')
  let rows = queries.sql.selectFrom('companies').selectAll().where('account_id', '=', accountId)
  if (by === 'name') {
    if (after) rows = rows.where(sql<boolean>`folded_name ${isBehind} ${after.value}`)
    return rows.orderBy('folded_name', direction).limit(limit).execute()
  }
  if (after) rows = rows.where(sql<boolean>`(${sql.ref(by)}, id) ${isBehind} (${after.value}, ${after.id})`)
  return rows.orderBy(by, direction).orderBy('id', direction).limit(limit).execute()
}

/** The company with this name in folded form; undefined if there is none. */
export function findCompanyNamed(queries: Queries, accountId: number, foldedName: string) {
  const all = queries.sql.selectFrom('companies').selectAll().where('account_id', '=', accountId)
  return all.where('folded_name', '=', foldedName).executeTakeFirst()
}

// A search looks at so many companies that have its longest word.
const mostCandidates = 1000

/** Companies with words that begin with each of `words`, the first of which is the longest, in the order of names. */
export async function selectCompaniesWith(
  queries: Queries,
  accountId: number,
  [longest, ...others]: string[],
  limit: number,
): Promise<Selectable<Tables['companies']>[]> {
  if (longest === undefined) return []
  const candidates = await queries.sql
    .selectFrom('company_words')
    .select('company_id')
    .where('account_id', '=', accountId)
    .where(beginsWith('word', longest))
    .limit(mostCandidates)
    .execute()
  const ids = JSON.stringify(candidates.map(({ company_id }) => company_id))
  // In two queries: with one, PostgreSQL would read all companies of the account.
  let found = queries.sql
    .selectFrom('companies as c')
    .selectAll('c')
    .where('c.account_id', '=', accountId)
    .where(json[queries.engine].isIn(sql`c.id`, ids, 'bigint'))
  for (const word of others) {
    found = found.where(({ exists, selectFrom }) =>
      exists(
        selectFrom('company_words as w')
          .select('w.word')
          .whereRef('w.account_id', '=', 'c.account_id')
          .whereRef('w.company_id', '=', 'c.id')
          .where(beginsWith('w.word', word)),
      ),
    )
  }
  return found.orderBy('c.folded_name').limit(limit).execute()
}

/** A condition that a range of an index can answer. */
function beginsWith(column: string, beginning: string) {
  // No character comes after it.
  const end = `${beginning}\u{10ffff}`
  return sql<boolean>`(${sql.ref(column)} >= ${beginning} and ${sql.ref(column)} < ${end})`
}
