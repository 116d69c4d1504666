import type { Selectable } from 'kysely'
import type { Queries } from '../../db/database.ts'
import type { Tables } from '../../db/tables.ts'
import { toSeconds } from '../../lib/time.ts'
import type { Company, CompanyName } from './schema.ts'

export async function findCompany(
  queries: Queries,
  accountId: number,
  id: number,
): Promise<Company | undefined> {
  const one = queries.sql.selectFrom('companies').selectAll().where('account_id', '=', accountId)
  const row = await one.where('id', '=', id).executeTakeFirst()
  return row && toCompany(row)
}

/** The names of the companies of contacts, by the ids of the companies. */
export async function selectCompanyNames(
  queries: Queries,
  accountId: number,
  contacts: readonly { company_id: number | null }[],
): Promise<Map<number, CompanyName>> {
  const ids = [...new Set(contacts.flatMap(({ company_id }) => company_id ?? []))]
  if (ids.length === 0) return new Map()
  const all = queries.sql.selectFrom('companies').select(['id', 'name']).where('account_id', '=', accountId)
  const rows = await all.where('id', 'in', ids).execute()
  return new Map(rows.map((row) => [row.id, row]))
}

export function toCompany({ account_id, folded_name, ...row }: Selectable<Tables['companies']>): Company {
  return { ...row, created_at: toSeconds(row.created_at), updated_at: toSeconds(row.updated_at) }
}
