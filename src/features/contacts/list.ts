import type { Queries } from '../../db/database.ts'
import type { Actor } from '../../lib/actor.ts'
import { getCompany } from '../companies/service.ts'
import { findMatches } from '../search/matches.ts'
import { contactWords } from '../search/query.ts'
import { isBackfilling } from '../search/service.ts'
import { contactCursors } from './cursor.ts'
import { selectIdsOfCompany, selectPositionsAfter, sortPositions } from './page.store.ts'
import type { CompanyContactQuery, Contact, ContactQuery, ContactSearch, SortKey } from './schema.ts'
import { withContactInboxes } from './service.ts'
import { countContacts, selectContacts, selectContactsById } from './store.ts'

export const contactsPerPage = 15

/** Returns a page of the account's contacts, and how many there are. */
export async function listContacts(queries: Queries, actor: Actor, query: ContactQuery) {
  const count = await countContacts(queries, actor.accountId)
  if (query.cursor === undefined) {
    const contacts = await selectContacts(queries, actor.accountId, orderOf(query.sort), rangeOf(query))
    return contactPage(queries, actor, query, contacts, count)
  }
  return contactsAfter(queries, actor, { ...query, cursor: query.cursor }, count)
}

/** Returns the page of the contacts that begins at a cursor. */
async function contactsAfter(
  queries: Queries,
  actor: Actor,
  { cursor, ...query }: ContactQuery & { cursor: string },
  count: number,
) {
  const order = orderOf(query.sort)
  const after = cursor === '' ? undefined : contactCursors.read(cursor, order.by)
  const limit = contactsPerPage + 1
  const found = await selectPositionsAfter(queries, actor.accountId, order, after, limit)
  const shown = found.slice(0, contactsPerPage)
  const ids = shown.map(({ id }) => id)
  const contacts = await selectContactsById(queries, actor.accountId, ids)
  const next = found.length === limit ? contactCursors.after(order.by, shown.at(-1)!) : null
  const meta = { count, current_page: 1, total_pages: Math.ceil(count / contactsPerPage), next }
  return { payload: await shownContacts(queries, actor, query, contacts), meta }
}

/** The order that `sort` stands for. */
export function orderOf(sort: ContactQuery['sort']) {
  return { by: sort.replace('-', '') as SortKey, descending: sort.startsWith('-') }
}

function shownContacts(
  queries: Queries,
  actor: Actor,
  { include_contact_inboxes }: Pick<ContactQuery, 'include_contact_inboxes'>,
  contacts: Contact[],
): Contact[] | Promise<Contact[]> {
  return include_contact_inboxes ? withContactInboxes(queries, actor, contacts) : contacts
}

/** Returns a page of the contacts that belong to a company, newest first. Throws `not_found`. */
export async function listContactsOfCompany(
  queries: Queries,
  actor: Actor,
  companyId: number,
  { before_id = Number.MAX_SAFE_INTEGER }: CompanyContactQuery,
) {
  const { accountId } = actor
  await getCompany(queries, actor, companyId)
  const found = await selectIdsOfCompany(queries, accountId, companyId, before_id, contactsPerPage + 1)
  const ids = found.slice(0, contactsPerPage)
  const next = found.length > contactsPerPage ? ids.at(-1)! : null
  return { payload: await selectContactsById(queries, accountId, ids), meta: { before_id: next } }
}

// A search sorts and counts the newest contacts that match, up to this many.
const mostFound = 1000
// Milliseconds after which a search stops.
const searchTime = 25

/** Returns a page of the contacts with the words of a search. If there are many, only the newest ones. */
export async function searchContacts(queries: Queries, actor: Actor, { q, ...query }: ContactSearch) {
  const { matches, next } = await findMatches(queries, {
    accountId: actor.accountId,
    subject: 'contact',
    words: contactWords(q),
    limit: mostFound,
    deadline: performance.now() + searchTime,
  })
  const found = matches.map(({ subject_id }) => subject_id)
  const sorted = await sortPositions(queries, actor.accountId, orderOf(query.sort), found, rangeOf(query))
  const ids = sorted.map(({ id }) => id)
  const contacts = await selectContactsById(queries, actor.accountId, ids)
  const { payload, meta } = await contactPage(queries, actor, query, contacts, found.length)
  const count_capped = next !== null || (await isBackfilling(queries, actor.accountId))
  return { payload, meta: { ...meta, count_capped } }
}

function rangeOf({ page }: Pick<ContactQuery, 'page'>) {
  return { limit: contactsPerPage, offset: (page - 1) * contactsPerPage }
}

async function contactPage(
  queries: Queries,
  actor: Actor,
  query: Omit<ContactQuery, 'cursor'>,
  contacts: Contact[],
  count: number,
) {
  return {
    payload: await shownContacts(queries, actor, query, contacts),
    meta: { count, current_page: query.page, total_pages: Math.ceil(count / contactsPerPage) },
  }
}
