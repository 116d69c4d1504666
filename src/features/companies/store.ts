import type { Insertable, Updateable } from 'kysely'
import type { Queries } from '../../db/database.ts'
import type { Tables } from '../../db/tables.ts'

export async function insertCompany(tx: Queries, row: Insertable<Tables['companies']>): Promise<void> {
  await tx.sql.insertInto('companies').values(row).execute()
}

export async function updateCompany(
  tx: Queries,
  accountId: number,
  id: number,
  change: Updateable<Tables['companies']>,
): Promise<void> {
  const update = tx.sql.updateTable('companies').set(change)
  await update.where('account_id', '=', accountId).where('id', '=', id).execute()
}

/** Sets the words by which the search finds a company. */
export async function replaceWords(
  tx: Queries,
  accountId: number,
  companyId: number,
  words: string[],
): Promise<void> {
  const before = tx.sql.deleteFrom('company_words').where('account_id', '=', accountId)
  await before.where('company_id', '=', companyId).execute()
  if (words.length === 0) return
  const rows = words.map((word) => ({ account_id: accountId, word, company_id: companyId }))
  await tx.sql.insertInto('company_words').values(rows).execute()
}

/** The id of the company with this value in a unique column; undefined if there is none. */
export async function findIdBy(
  queries: Queries,
  accountId: number,
  column: 'folded_name' | 'domain',
  value: string,
): Promise<number | undefined> {
  const ids = queries.sql.selectFrom('companies').select('id').where('account_id', '=', accountId)
  return (await ids.where(column, '=', value).executeTakeFirst())?.id
}

/** The ids of the companies with these values in a unique column, by value. */
export async function selectIdsBy(
  queries: Queries,
  accountId: number,
  column: 'folded_name' | 'domain',
  values: string[],
): Promise<Map<string, number>> {
  if (values.length === 0) return new Map()
  const rows = await queries.sql
    .selectFrom('companies')
    .select(['id', `${column} as value`])
    .where('account_id', '=', accountId)
    .where(column, 'in', values)
    .execute()
  return new Map(rows.map(({ id, value }) => [value!, id]))
}

/** Removes at most `limit` contacts from a company. Returns how many were removed. */
export async function removeContacts(
  tx: Queries,
  accountId: number,
  companyId: number,
  limit: number,
): Promise<number> {
  const rows = await tx.sql
    .selectFrom('contacts')
    .select('id')
    .where('account_id', '=', accountId)
    .where('company_id', '=', companyId)
    .orderBy('id')
    .limit(limit)
    .execute()
  if (rows.length === 0) return 0
  const ids = rows.map(({ id }) => id)
  const update = tx.sql.updateTable('contacts').set({ company_id: null })
  await update.where('account_id', '=', accountId).where('id', 'in', ids).execute()
  return rows.length
}

export async function deleteCompany(tx: Queries, accountId: number, id: number): Promise<void> {
  await tx.sql.deleteFrom('companies').where('account_id', '=', accountId).where('id', '=', id).execute()
}
