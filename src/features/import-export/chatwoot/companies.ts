import { Type } from 'typebox'
import type { Queries } from '../../../db/database.ts'
import { systemOf } from '../../../lib/actor.ts'
import { checker } from '../../../lib/validate.ts'
import { isMailProvider } from '../../companies/mail-providers.ts'
import { selectCompanyNames } from '../../companies/parts.store.ts'
import { companyNameLength, NewCompany } from '../../companies/schema.ts'
import { ensureCompanies, findCompanyWith, storeCompany } from '../../companies/service.ts'
import type { Move } from './move.ts'
import { type SourceContact, sizeOf } from './source-content.store.ts'
import { companyPages, type SourceCompany } from './source-people.store.ts'
import { storable } from './storable.ts'

const table = 'companies'

/**
 * Imports the companies of contacts. One with a name that is here already is that one; those that are here stay as they
 * are.
 */
export async function importCompanies(move: Move): Promise<void> {
  const { source, database, accountId, isDryRun, report, ids } = move
  const { rows, last } = await sizeOf(source, accountId, table)
  if (rows === 0) return
  report.table(table, rows)
  await ids.companies.begin(database, source, last)
  for await (const page of companyPages(source, accountId, ids.companies.range)) {
    const fresh = page.filter(({ id }) => !ids.companies.isOld(id))
    report.count(table, 'known', page.length - fresh.length)
    for (const company of fresh) {
      const isStored = isDryRun
        ? (await findCompanyWith(database.read, accountId, { name: nameOf(company) })) === undefined
        : await database.transaction(accountId, (tx) => importCompany(move, tx, company))
      report.count(table, isStored ? 'stored' : 'known')
    }
    await move.rest()
  }
  await ids.companies.finish(database, source)
}

/** Returns false if the account has a company with this name. */
async function importCompany({ accountId, ids, report }: Move, tx: Queries, company: SourceCompany) {
  const { id: chatwootId, created_at, updated_at } = company
  const name = nameOf(company)
  const known = await findCompanyWith(tx, accountId, { name })
  if (known === undefined) {
    const id = ids.companies.keeps(chatwootId)
      ? chatwootId
      : (await ids.companies.replace(tx, [chatwootId]))[0]!
    if (id !== chatwootId)
      report.remark('company with another id, because its own is taken', `${chatwootId} is ${id}`)
    const domain = await usableDomain(tx, accountId, company.domain)
    if (domain === null && company.domain)
      report.remark(
        'company without its domain, which is not valid, of a mail provider, or taken',
        chatwootId,
      )
    const description = storable(company.description ?? '').slice(0, longestDescription) || null
    await storeCompany(tx, accountId, id, { ...{ name, domain, description }, ...{ created_at, updated_at } })
  } else await ids.companies.equate(tx, [[chatwootId, known]])
  await ids.companies.advance(tx, chatwootId)
  return known === undefined
}

const longestDescription = 1000
const isDomain = checker(Type.Object({ domain: NewCompany.properties.domain }))

/** The domain of a company, if it can have it here. */
async function usableDomain(tx: Queries, accountId: number, given: string | null): Promise<string | null> {
  const domain = storable(given ?? '').trim()
  if (domain === '' || isDomain({ domain }).length > 0 || isMailProvider(domain.toLowerCase())) return null
  return (await findCompanyWith(tx, accountId, { domain })) === undefined ? domain : null
}

function nameOf({ id, name, domain }: SourceCompany): string {
  return trimmed(name) || trimmed(domain) || `Company ${id}`
}

function trimmed(text: unknown): string {
  return typeof text === 'string' ? storable(text.trim()).slice(0, companyNameLength).trim() : ''
}

/**
 * Returns the ids here of the companies of contacts, by the ids of the contacts in Chatwoot. Older versions of Chatwoot
 * have only names of companies: those that do not exist are created.
 */
export async function companiesOf(
  { accountId, ids, isDryRun }: Move,
  queries: Queries,
  contacts: SourceContact[],
): Promise<Map<number, number>> {
  const idOf = await ids.companies.load(
    queries,
    contacts.flatMap(({ company_id }) => company_id ?? []),
  )
  const given = contacts.map(({ company_id }) => ({
    company_id: company_id === null ? null : idOf(company_id),
  }))
  const existing = await selectCompanyNames(queries, accountId, given)
  const names = contacts.map((contact) => (contact.company_id === null ? companyName(contact) : ''))
  const wanted = [...new Set(names.filter(Boolean))]
  const named = isDryRun ? new Map() : await ensureCompanies(queries, systemOf(accountId), wanted)
  return new Map(
    contacts.flatMap(({ id }, index) => {
      const { company_id } = given[index]!
      const company = existing.get(company_id ?? 0)?.id ?? named.get(names[index]!)
      return company === undefined ? [] : [[id, company]]
    }),
  )
}

function companyName({ additional_attributes }: SourceContact): string {
  return trimmed((additional_attributes as { company_name?: unknown } | null)?.company_name)
}
