import { computed } from '@preact/signals'
import { CallError } from '../../shared/api.ts'
import type { Contact } from '../data/api-types.ts'
import { call } from '../data/call.ts'
import { type Page, pagedList } from '../data/paged-list.ts'
import { accountPath } from '../data/session.ts'
import type { Operator } from '../parts/operators.ts'
import { isContacts, query } from '../router.ts'
import { contactWords as t } from './strings.ts'

export type Sort = keyof typeof t.sorts

/** A condition of the filter, as the API takes it. */
export interface Condition {
  attribute_key: string
  filter_operator: Operator
  values: readonly (string | number)[]
}

/** What the list shows; the URL holds it. */
export interface Wanted {
  q: string
  sort: Sort
  conditions: readonly Condition[]
}

let last = ''
/** The part of the address that says what the list shows. It stays while another page is open. */
export const search = computed(() => {
  if (isContacts.value) last = query.value.toString()
  return last
})

export const wanted = computed<Wanted>(() => {
  const parameters = new URLSearchParams(search.value)
  return {
    q: parameters.get('q') ?? '',
    sort: (parameters.get('sort') as Sort | null) ?? '-last_activity_at',
    conditions: conditionsIn(parameters.get('filter')),
  }
})

function conditionsIn(text: string | null): Condition[] {
  try {
    const found: unknown = JSON.parse(text ?? '[]')
    return Array.isArray(found) ? found.filter(isCondition) : []
  } catch {
    return []
  }
}

function isCondition(value: unknown): value is Condition {
  const one = value as Partial<Condition> | null
  return (
    typeof one?.attribute_key === 'string' &&
    typeof one.filter_operator === 'string' &&
    Array.isArray(one.values)
  )
}

/** The address of a contact, or of the list, with what the list shows. */
export function addressFor(item: number | string | undefined, change: Partial<Wanted> = {}): string {
  const { q, sort, conditions } = { ...wanted.value, ...change }
  const parameters = new URLSearchParams()
  if (q !== '') parameters.set('q', q)
  if (sort !== '-last_activity_at') parameters.set('sort', sort)
  if (conditions.length > 0) parameters.set('filter', JSON.stringify(conditions))
  const text = parameters.toString()
  return `/contacts${item === undefined ? '' : `/${item}`}${text && `?${text}`}`
}

/** What the server said about the list. */
interface Said {
  /** The number of all contacts, or of those that were found; undefined if nobody has counted them. */
  count: number | undefined
  isCapped: boolean
  /** Whether the server has only looked at a part of the contacts. */
  isPartial: boolean
}
type ContactPage = Page<Contact, Said>

export const list = pagedList<Contact, Said>('contacts', () => firstPage(wanted.value))

function firstPage(asked: Wanted): Promise<ContactPage> {
  if (asked.conditions.length > 0) return filteredPage(asked)
  return asked.q.trim() === '' ? listPage(asked, '') : foundPage(asked, 1)
}

async function listPage(asked: Wanted, cursor: string): Promise<ContactPage> {
  const parameters = new URLSearchParams({ sort: asked.sort, cursor })
  const { payload, meta } = await call<{ payload: Contact[]; meta: { count: number; next: string | null } }>(
    `${accountPath()}/contacts?${parameters}`,
  )
  const { next } = meta
  return {
    ...{ payload, count: meta.count, isCapped: false, isPartial: false },
    next: next === null ? undefined : () => listPage(asked, next),
  }
}

async function foundPage(asked: Wanted, page: number): Promise<ContactPage> {
  const parameters = new URLSearchParams({ q: asked.q, sort: asked.sort, page: String(page) })
  const { payload, meta } = await call<{
    payload: Contact[]
    meta: { count: number; total_pages: number; count_capped: boolean }
  }>(`${accountPath()}/contacts/search?${parameters}`)
  return {
    ...{ payload, count: meta.count, isCapped: meta.count_capped, isPartial: false },
    next: page < meta.total_pages ? () => foundPage(asked, page + 1) : undefined,
  }
}

async function filteredPage(asked: Wanted, cursor?: string): Promise<ContactPage> {
  const parameters = new URLSearchParams({ sort: asked.sort, ...(cursor === undefined ? {} : { cursor }) })
  const { payload, meta } = await call<{
    payload: Contact[]
    meta: { next: string | null; timed_out: boolean }
  }>(`${accountPath()}/contacts/filter?${parameters}`, {
    method: 'POST',
    body: { payload: selectorsOf(asked) },
  }).catch((error) => {
    throw ofCondition(error)
  })
  const { next, timed_out } = meta
  return {
    ...{ payload, count: undefined, isCapped: false, isPartial: timed_out },
    next: next === null ? undefined : () => filteredPage(asked, next),
  }
}

/** Returns the error of a condition with the name of the part that is wrong, without its path in the body. */
function ofCondition(error: unknown): unknown {
  if (!(error instanceof CallError)) return error
  const [first] = error.fields
  const [, part] = /\.(filter_operator|values)(?:\[\d+\])?$/.exec(first?.field ?? '') ?? []
  if (!first || !part) return error
  const name = part === 'values' ? t.value : t.operator
  return new CallError(error.status, `${name} ${first.message}`, error.retryAfter, error.body)
}

const searchedFields = ['name', 'email', 'phone_number']

/** The conditions, and a text that one of several fields contains: AND binds before OR, so they are repeated for each. */
function selectorsOf({ q, conditions }: Wanted): object[] {
  const text = q.trim()
  if (text === '') return joined([conditions])
  return joined(
    searchedFields.map((field) => [
      ...conditions,
      { attribute_key: field, filter_operator: 'contains', values: [text] },
    ]),
  )
}

function joined(groups: (readonly Condition[])[]): object[] {
  return groups.flatMap((group) =>
    group.map((one, index) => ({ ...one, query_operator: index === group.length - 1 ? 'OR' : 'AND' })),
  )
}
