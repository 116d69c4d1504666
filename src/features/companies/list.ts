import type { Queries } from '../../db/database.ts'
import type { Actor } from '../../lib/actor.ts'
import { foldName } from '../../lib/text/fold-name.ts'
import { wordsOf } from '../search/words.ts'
import { companyCursors } from './cursor.ts'
import { findCompanyNamed, selectCompaniesAfter, selectCompaniesWith } from './page.store.ts'
import { toCompany } from './parts.store.ts'
import {
  type Company,
  type CompanyQuery,
  type CompanySearch,
  companiesPerPage,
  type SortKey,
} from './schema.ts'

interface Page {
  payload: Company[]
  meta: { next: string | null }
}

/** Returns a page of the account's companies. Throws `malformed` for a cursor of another list. */
export async function listCompanies(
  queries: Queries,
  { accountId }: Actor,
  { sort, cursor }: CompanyQuery,
): Promise<Page> {
  const by = sort.replace('-', '') as SortKey
  const after = cursor === undefined ? undefined : companyCursors.read(cursor, by)
  const order = { by, descending: sort.startsWith('-') }
  const found = await selectCompaniesAfter(queries, accountId, order, after, companiesPerPage + 1)
  const shown = found.slice(0, companiesPerPage)
  const last = shown.at(-1)
  const value = last && (by === 'name' ? last.folded_name : last[by])
  const next =
    found.length > companiesPerPage ? companyCursors.after(by, { value: value!, id: last!.id }) : null
  return { payload: shown.map(toCompany), meta: { next } }
}

/**
 * Returns the first companies that have the words of a search, in the order of their names, after the one whose name is the
 * search: a dashboard must find it among many with the same words, and also if it has no letters and digits.
 */
export async function searchCompanies(
  queries: Queries,
  { accountId }: Actor,
  { q }: CompanySearch,
): Promise<{ payload: Company[] }> {
  const named = await findCompanyNamed(queries, accountId, foldName(q))
  const words = wordsOf(q).toSorted((one, other) => other.length - one.length)
  // More words find nothing else, and each is a condition of the query.
  const found = await selectCompaniesWith(queries, accountId, words.slice(0, 8), companiesPerPage)
  const others = found.filter(({ id }) => id !== named?.id)
  const rows = named ? [named, ...others] : others
  return { payload: rows.slice(0, companiesPerPage).map(toCompany) }
}
