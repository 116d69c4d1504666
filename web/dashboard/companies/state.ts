import { computed } from '@preact/signals'
import type { Company } from '../data/api-types.ts'
import { call } from '../data/call.ts'
import { type Page, pagedList } from '../data/paged-list.ts'
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

export const list = pagedList<Company>('companies', () => read(wanted.value, undefined))

async function read(asked: Wanted, cursor: string | undefined): Promise<Page<Company>> {
  const { q, sort } = asked
  const isSearch = q.trim() !== ''
  const parameters = new URLSearchParams(isSearch ? { q } : { sort, ...(cursor ? { cursor } : {}) })
  const path = `${accountPath()}/companies${isSearch ? '/search' : ''}?${parameters}`
  const { payload, meta } = await call<{ payload: Company[]; meta?: { next: string | null } }>(path)
  const next = meta?.next
  return { payload, next: next ? () => read(asked, next) : undefined }
}
