import { signal } from '@preact/signals'
import type { Company } from '../data/api-types.ts'
import { call } from '../data/call.ts'
import { accountPath } from '../data/session.ts'

/** The names of companies, by their addresses: another account has the same ids. */
const names = signal<ReadonlyMap<string, string>>(new Map())

function addressOf(id: string): string {
  return `${accountPath()}/companies/${id}`
}

/** Keeps the name of a company, so that it is not loaded. */
export function noteCompany({ id, name }: { id: number; name: string }): void {
  names.value = new Map(names.value).set(addressOf(String(id)), name)
}

/** Returns the name of a company, or its number until that is loaded, and if it no longer exists. */
export function companyName(id: string): string {
  return names.value.get(addressOf(id)) ?? `#${id}`
}

/** Loads the names of companies that are not known yet. */
export async function needCompanyNames(ids: readonly string[]): Promise<void> {
  const unknown = ids.filter((id) => !names.value.has(addressOf(id)))
  const found = await Promise.all(unknown.map((id) => call<Company>(addressOf(id)).catch(() => undefined)))
  for (const company of found) if (company) noteCompany(company)
}

/** Returns the first companies with the words of a text. Throws CallError. */
export async function findCompanies(text: string): Promise<Company[]> {
  const query = new URLSearchParams({ q: text })
  const { payload } = await call<{ payload: Company[] }>(`${accountPath()}/companies/search?${query}`)
  return payload
}
