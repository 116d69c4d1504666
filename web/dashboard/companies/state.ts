import { computed, signal } from '@preact/signals'
import type { Company } from '../data/api-types.ts'
import { call } from '../data/call.ts'
import { accountPath } from '../data/session.ts'
import { isCompanies, query } from '../router.ts'
import type { companyWords } from './strings.ts'

export type Sort = keyof typeof companyWords.sorts

/** What the list shows; the URL holds it. */
interface Wanted {
  q: string
  sort: Sort
}

let last = ''
/** The part of the address that says what the list shows. It stays while another page is open. */
export const search = computed(() => {
  if (isCompanies.value) last = query.value.toString()
  return last
})

export const wanted = computed<Wanted>(() => {
  const parameters = new URLSearchParams(search.value)
  return { q: parameters.get('q') ?? '', sort: (parameters.get('sort') as Sort | null) ?? 'name' }
})

/** The address of a company, or of the list, with what the list shows. */
export function addressFor(item: number | 'new' | undefined, change: Partial<Wanted> = {}): string {
  const { q, sort } = { ...wanted.value, ...change }
  const parameters = new URLSearchParams()
  if (q !== '') parameters.set('q', q)
  if (sort !== 'name') parameters.set('sort', sort)
  const text = parameters.toString()
  return `/companies${item === undefined ? '' : `/${item}`}${text && `?${text}`}`
}

interface Listed {
  companies: readonly Company[]
  /** The cursor of the next page; null on the last one. */
  next: string | null
}

export const listed = signal<Listed | undefined>(undefined)
export const trouble = signal<string | undefined>(undefined)
export const isLoading = signal(false)

let loads = 0

/** Loads the first page of what is wanted, in place of what is shown. */
export function loadList(): Promise<void> {
  return load(undefined)
}

/** Loads the next page. */
export async function loadMore(): Promise<void> {
  const next = listed.value?.next
  if (next && !isLoading.value) await load(next)
}

async function load(cursor: string | undefined): Promise<void> {
  loads += 1
  const own = loads
  isLoading.value = true
  try {
    const { payload, meta } = await read(wanted.value, cursor)
    if (own !== loads) return
    const before = cursor === undefined ? [] : listed.value!.companies
    const known = new Set(before.map(({ id }) => id))
    const companies = [...before, ...payload.filter(({ id }) => !known.has(id))]
    listed.value = { companies, next: meta?.next ?? null }
    trouble.value = undefined
  } catch (error) {
    if (own === loads) trouble.value = (error as Error).message
  }
  if (own === loads) isLoading.value = false
}

function read({ q, sort }: Wanted, cursor: string | undefined) {
  const isSearch = q.trim() !== ''
  const parameters = new URLSearchParams(isSearch ? { q } : { sort, ...(cursor ? { cursor } : {}) })
  const path = `${accountPath()}/companies${isSearch ? '/search' : ''}?${parameters}`
  return call<{ payload: Company[]; meta?: { next: string | null } }>(path)
}

/** Shows a company that was changed as it is now, or no longer, if it is undefined. */
export function takeCompany(id: number, company: Company | undefined): void {
  const shown = listed.value
  if (!shown) return
  const companies = shown.companies.flatMap((one) => (one.id === id ? (company ?? []) : one))
  listed.value = { ...shown, companies }
}
