import type { Queries } from '../../../db/database.ts'
import type { Actor } from '../../../lib/actor.ts'
import { Refusal } from '../../../lib/errors.ts'
import { filterContacts } from '../../contacts/filter.ts'
import { contactsPerPage, listContacts, searchContacts } from '../../contacts/list.ts'
import { type Contact, type ContactQuery, sortKeys } from '../../contacts/schema.ts'
import { withContactInboxes } from '../../contacts/service.ts'
import type { FilterBody } from '../../filters/schema.ts'
import { countUpTo, pageNumber } from './filter-parameters.ts'
import { toContact, toContactInboxes } from './objects/contact.ts'
import type { Parameters } from './parameters.ts'
import { selectByIds } from './related.store.ts'

/** Returns contacts as Chatwoot shows them: a query for all of their inboxes. */
export async function showContacts(queries: Queries, { accountId }: Actor, contacts: Contact[]) {
  const ids = contacts.flatMap(({ contact_inboxes = [] }) => contact_inboxes.map(({ inbox }) => inbox.id))
  const inboxes = await selectByIds(queries, 'inboxes', accountId, ids)
  return contacts.map((contact) =>
    toContact(contact, contact.contact_inboxes && toContactInboxes(contact, inboxes)),
  )
}

/** Returns a page of the contacts, or of those with any of the labels in the parameters. */
export async function contactPage(queries: Queries, actor: Actor, parameters: Parameters) {
  const labels = parameters.texts('labels') ?? []
  if (labels.length > 0) {
    const test = { attribute_key: 'labels', filter_operator: 'equal_to', values: labels } as const
    return filteredPage(queries, actor, { payload: [test] }, parameters)
  }
  const { payload, meta } = await listContacts(queries, actor, queryOf(parameters))
  return { meta: metaOf(meta), payload: await showContacts(queries, actor, payload) }
}

/** Returns a page of the contacts with the words of a search. */
export async function contactSearch(queries: Queries, actor: Actor, parameters: Parameters) {
  const q = parameters.text('q')?.slice(0, 255)
  if (q === undefined) throw new Refusal('malformed', 'Specify search string with parameter q')
  const { payload, meta } = await searchContacts(queries, actor, { q, ...queryOf(parameters) })
  const has_more = meta.current_page < meta.total_pages
  return {
    meta: { ...metaOf(meta), has_more },
    payload: await showContacts(queries, actor, payload),
  }
}

/** Returns a page of the contacts that match a filter. */
export async function filteredPage(queries: Queries, actor: Actor, body: FilterBody, parameters: Parameters) {
  const page = pageNumber(parameters)
  const offset = (page - 1) * contactsPerPage
  const sort = sortOf(parameters)
  const order = sort === undefined ? {} : { sort }
  const { payload, meta } = await filterContacts(queries, actor, body, { offset, ...order })
  const count = countUpTo(offset, payload, meta.before_id !== null || meta.next !== null)
  const contacts = showsInboxes(parameters) ? await withContactInboxes(queries, actor, payload) : payload
  return { meta: { count, current_page: page }, payload: await showContacts(queries, actor, contacts) }
}

function showsInboxes(parameters: Parameters): boolean {
  return parameters.flag('include_contact_inboxes') !== false
}

/** The order in the parameters; undefined if there is none, or one that the main API does not have. */
function sortOf(parameters: Parameters): ContactQuery['sort'] | undefined {
  const given = parameters.text('sort') ?? ''
  const isKnown = sortKeys.some((key) => key === given.replace(/^-/, ''))
  return isKnown ? (given as ContactQuery['sort']) : undefined
}

function queryOf(parameters: Parameters): ContactQuery {
  return {
    page: pageNumber(parameters),
    sort: sortOf(parameters) ?? '-last_activity_at',
    include_contact_inboxes: showsInboxes(parameters),
  }
}

function metaOf({ count, current_page }: { count: number; current_page: number }) {
  return { count, current_page }
}
