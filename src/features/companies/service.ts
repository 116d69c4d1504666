import type { Database, Queries } from '../../db/database.ts'
import { nextId } from '../../db/ids.ts'
import type { Actor } from '../../lib/actor.ts'
import { normalizeEmail } from '../../lib/email.ts'
import { invalid, notFound } from '../../lib/errors.ts'
import { restSince } from '../../lib/rest.ts'
import { foldName } from '../../lib/text/fold-name.ts'
import { wordsOf } from '../search/words.ts'
import { companyEvents } from './events.ts'
import { isMailProvider } from './mail-providers.ts'
import { findCompany } from './parts.store.ts'
import type { Company, CompanyChange, NewCompany } from './schema.ts'
import * as store from './store.ts'

/** Returns one company. Throws `not_found`. */
export async function getCompany(queries: Queries, { accountId }: Actor, id: number): Promise<Company> {
  const company = await findCompany(queries, accountId, id)
  if (!company) throw notFound('company')
  return company
}

/**
 * Creates a company. Throws `invalid` if the account has one with this name, ignoring case, or with this domain, and for the
 * domain of a public mail provider.
 */
export function createCompany(database: Database, actor: Actor, input: NewCompany): Promise<Company> {
  return database.transaction(actor.accountId, (tx) => addCompany(tx, actor, input))
}

/** Like `createCompany`, inside a transaction. */
export async function addCompany(tx: Queries, actor: Actor, input: NewCompany): Promise<Company> {
  const { accountId } = actor
  const fields = fieldsOf({ domain: null, description: null, ...input })
  await assertUnused(tx, accountId, fields)
  const id = await nextId(tx, accountId, 'companies')
  const now = Date.now()
  await store.insertCompany(tx, { account_id: accountId, id, ...fields, created_at: now, updated_at: now })
  await store.replaceWords(tx, accountId, id, searchWords(fields))
  const company = await getCompany(tx, actor, id)
  await companyEvents.created(tx, actor, company)
  return company
}

/** Changes the given fields. Throws `not_found`, and as `createCompany` does. */
export function changeCompany(
  database: Database,
  actor: Actor,
  id: number,
  { name, domain, description }: CompanyChange,
): Promise<Company> {
  const { accountId } = actor
  return database.transaction(accountId, async (tx) => {
    const before = await getCompany(tx, actor, id)
    const fields = fieldsOf({
      name: name ?? before.name,
      domain: domain === undefined ? before.domain : domain,
      description: description === undefined ? before.description : description,
    })
    await assertUnused(tx, accountId, fields, id)
    await store.updateCompany(tx, accountId, id, { ...fields, updated_at: Date.now() })
    await store.replaceWords(tx, accountId, id, searchWords(fields))
    const company = await getCompany(tx, actor, id)
    await companyEvents.updated(tx, actor, before, company)
    return company
  })
}

// Contacts that one transaction removes from a company: 3 ms on SQLite.
const removedTogether = 200

/**
 * Deletes a company. Its contacts stay, and belong to none: they are removed in steps, and the last step deletes the company,
 * so it can be deleted again if the process ends before. Throws `not_found`.
 */
export async function removeCompany(database: Database, actor: Actor, id: number): Promise<void> {
  const { accountId } = actor
  const step = (tx: Queries) => store.removeContacts(tx, accountId, id, removedTogether)
  for (;;) {
    const began = performance.now()
    const isDone = await database.transaction(accountId, async (tx) => {
      const company = await getCompany(tx, actor, id)
      if ((await step(tx)) === removedTogether) return false
      await store.deleteCompany(tx, accountId, id)
      await companyEvents.deleted(tx, actor, { ...company, contacts_count: 0 })
      return true
    })
    if (isDone) return
    await restSince(began)
  }
}

/** Throws `invalid` for `company_id` if the account has no company with this id. */
export async function assertCompany(queries: Queries, accountId: number, id: number): Promise<void> {
  if (!(await findCompany(queries, accountId, id)))
    throw invalid('company_id', 'names no company of this account', 'not_found')
}

/** The company with the domain of an e-mail address; undefined if there is none. */
export function findCompanyOfEmail(
  queries: Queries,
  accountId: number,
  email: string,
): Promise<number | undefined> {
  return store.findIdBy(queries, accountId, 'domain', domainOf(email))
}

/** The companies with the domains of e-mail addresses, by address. */
export async function findCompaniesOfEmails(
  queries: Queries,
  accountId: number,
  emails: string[],
): Promise<Map<string, number>> {
  const byDomain = await store.selectIdsBy(queries, accountId, 'domain', [...new Set(emails.map(domainOf))])
  return new Map(
    emails.flatMap((email) => {
      const id = byDomain.get(domainOf(email))
      return id === undefined ? [] : [[email, id]]
    }),
  )
}

/** The ids of the companies with these names, by name; those that do not exist are created. */
export async function ensureCompanies(
  tx: Queries,
  actor: Actor,
  names: string[],
): Promise<Map<string, number>> {
  const byFoldedName = await store.selectIdsBy(tx, actor.accountId, 'folded_name', [
    ...new Set(names.map(foldName)),
  ])
  for (const name of names) {
    if (byFoldedName.has(foldName(name))) continue
    byFoldedName.set(foldName(name), (await addCompany(tx, actor, { name })).id)
  }
  return new Map(names.map((name) => [name, byFoldedName.get(foldName(name))!]))
}

/** The id of the company with this name, ignoring case, or with this domain; undefined if there is none. */
export function findCompanyWith(
  queries: Queries,
  accountId: number,
  by: { name: string } | { domain: string },
): Promise<number | undefined> {
  return 'name' in by
    ? store.findIdBy(queries, accountId, 'folded_name', foldName(by.name.trim()))
    : store.findIdBy(queries, accountId, 'domain', normalizeEmail(by.domain))
}

/** Stores a company of an import, without an event. The name and the domain must be usable. */
export async function storeCompany(
  tx: Queries,
  accountId: number,
  id: number,
  { created_at, updated_at, ...input }: Required<NewCompany> & { created_at: number; updated_at: number },
): Promise<void> {
  const fields = fieldsOf(input)
  await store.insertCompany(tx, { account_id: accountId, id, ...fields, created_at, updated_at })
  await store.replaceWords(tx, accountId, id, searchWords(fields))
}

function domainOf(email: string): string {
  return normalizeEmail(email.slice(email.lastIndexOf('@') + 1))
}

/** The columns of a company. Throws `invalid` for the domain of a public mail provider. */
function fieldsOf({ name, domain, description }: Required<NewCompany>) {
  const trimmed = name.trim()
  const normalized = domain === null ? null : normalizeEmail(domain)
  if (normalized !== null && isMailProvider(normalized))
    throw invalid('domain', 'is one of a public mail provider: its addresses belong to no single company')
  return { name: trimmed, folded_name: foldName(trimmed), domain: normalized, description }
}

function searchWords({ name, domain }: { name: string; domain: string | null }): string[] {
  return wordsOf(`${name} ${domain ?? ''}`)
}

async function assertUnused(
  tx: Queries,
  accountId: number,
  { folded_name, domain }: { folded_name: string; domain: string | null },
  ownId?: number,
): Promise<void> {
  const named = await store.findIdBy(tx, accountId, 'folded_name', folded_name)
  if (named !== undefined && named !== ownId)
    throw invalid('name', `is already used by company ${named}`, 'taken')
  const owner = domain === null ? undefined : await store.findIdBy(tx, accountId, 'domain', domain)
  if (owner !== undefined && owner !== ownId)
    throw invalid('domain', `is already used by company ${owner}`, 'taken')
}
