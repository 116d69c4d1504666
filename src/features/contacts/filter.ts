import type { Queries } from '../../db/database.ts'
import type { Actor } from '../../lib/actor.ts'
import { Refusal } from '../../lib/errors.ts'
import { withAttributes } from '../custom-attributes/filter-keys.ts'
import type { FilterBody, FilterKey, OrderQueries } from '../filters/schema.ts'
import { indexedTest, readFilter } from '../filters/service.ts'
import { walk, walkInOrder, walkLimits } from '../filters/walk.ts'
import { contactCursors } from './cursor.ts'
import { filterQueries } from './filter.store.ts'
import { contactsPerPage, orderOf } from './list.ts'
import { type ContactPosition, selectPositionsAfter, sortPositions } from './page.store.ts'
import type { ContactFilterQuery } from './schema.ts'
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
 * Returns a page of the account's contacts that match a filter: after the first `offset` of them, newest first, or in
 * the order of `sort`. Throws `invalid`, and `malformed` for a cursor of another order.
 */
export async function filterContacts(
  queries: Queries,
  { accountId }: Actor,
  { payload: selectors }: FilterBody,
  { before_id, sort, cursor, offset = 0 }: ContactFilterQuery & { offset?: number },
  limits = walkLimits,
) {
  const order = sort && orderOf(sort)
  if (cursor !== undefined && !order)
    throw new Refusal('malformed', 'cursor needs the `sort` of the page before')
  if (before_id !== undefined && order)
    throw new Refusal('malformed', 'before_id is for the order without `sort`: send `cursor`')
  const keys = await withAttributes(queries, accountId, 'contact_attribute', contactKeys, selectors)
  const filter = readFilter(keys, selectors)
  const parts = filterQueries(queries, accountId, filter, indexedTest(filter))
  const wanted = offset + contactsPerPage
  if (!order) {
    const { ids, ...meta } = await walk(parts, wanted, before_id, limits)
    return {
      payload: await selectContactsById(queries, accountId, ids.slice(offset)),
      meta: { ...meta, next: null },
    }
  }
  const after = cursor === undefined ? undefined : contactCursors.read(cursor, order.by)
  const inOrder: OrderQueries<ContactPosition> = {
    window: (from, limit) => selectPositionsAfter(queries, accountId, order, from, limit),
    sort: (ids, from, limit) => sortPositions(queries, accountId, order, ids, { after: from, limit }),
  }
  const { found, next, isOver } = await walkInOrder(parts, inOrder, { after, wanted, limits })
  const ids = found.slice(offset).map(({ id }) => id)
  return {
    payload: await selectContactsById(queries, accountId, ids),
    meta: { before_id: null, next: next ? contactCursors.after(order.by, next) : null, timed_out: isOver },
  }
}
