import type { Queries } from '../../db/database.ts'
import type { Actor } from '../../lib/actor.ts'
import { withAttributes } from '../custom-attributes/filter-keys.ts'
import type { FilterBody, FilterKey, FilterQuery } from '../filters/schema.ts'
import { indexedTest, readFilter, walk, walkLimits } from '../filters/service.ts'
import { filterQueries } from './filter.store.ts'
import { contactsPerPage } from './list.ts'
import { selectContactsById } from './store.ts'

const additional: FilterKey = { type: 'attribute', column: 'additional_attributes' }

/** The fields that filters of contacts can name. Addresses are stored in small letters, as an index needs them. */
export const contactKeys: Readonly<Record<string, FilterKey>> = {
  name: { type: 'text', column: 'name' },
  email: { type: 'text', column: 'email', isIndexed: true },
  phone_number: { type: 'text', column: 'phone_number', hasPlus: true, isIndexed: true },
  identifier: { type: 'text', column: 'identifier' },
  blocked: { type: 'boolean', column: 'blocked' },
  labels: { type: 'labels', column: 'contact_id', table: 'contact_labels', isIndexed: true },
  country_code: additional,
  city: additional,
  company_id: { type: 'number', column: 'company_id', isIndexed: true },
  company_name: { type: 'text', column: 'company_id', computed: 'company_name' },
  created_at: { type: 'time', column: 'created_at' },
  last_activity_at: { type: 'time', column: 'last_activity_at' },
}

/**
 * Returns a page of the account's contacts that match a filter, newest first: after the first `offset` of them. Throws
 * `invalid`.
 */
export async function filterContacts(
  queries: Queries,
  { accountId }: Actor,
  { payload: selectors }: FilterBody,
  { before_id, offset = 0 }: FilterQuery & { offset?: number },
  limits = walkLimits,
) {
  const keys = await withAttributes(queries, accountId, 'contact_attribute', contactKeys, selectors)
  const filter = readFilter(keys, selectors)
  const parts = filterQueries(queries, accountId, filter, indexedTest(filter))
  const { ids, ...meta } = await walk(parts, offset + contactsPerPage, before_id, limits)
  return { payload: await selectContactsById(queries, accountId, ids.slice(offset)), meta }
}
