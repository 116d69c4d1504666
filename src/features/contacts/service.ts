import type { Database, Queries } from '../../db/database.ts'
import { nextId } from '../../db/ids.ts'
import { appendEvent } from '../../events/append.ts'
import type { Actor } from '../../lib/actor.ts'
import { normalizeEmail } from '../../lib/email.ts'
import { invalid, notFound, Refusal } from '../../lib/errors.ts'
import { attributesText, pick } from '../../lib/json.ts'
import { getAccount } from '../accounts/service.ts'
import { findInbox, listInboxNames } from '../inboxes/service.ts'
import { findMatches } from '../search/matches.ts'
import { textOfContact } from '../search/parts.store.ts'
import { contactWords } from '../search/query.ts'
import { addDocuments, isBackfilling } from '../search/service.ts'
import { selectContactInboxes } from './contact-inboxes.store.ts'
import { assertMayChange, createSecret } from './contact-inboxes.ts'
import type { ContactEventName } from './events.ts'
import { isContactBlocked, updateContact } from './parts.store.ts'
import type { Contact, ContactChange, ContactQuery, ContactSearch, NewContact, SortKey } from './schema.ts'
import { countContacts, findContact, findIdBy, insertContact, selectContacts } from './store.ts'

export const contactsPerPage = 15

/** The name of a contact about whom nothing is known. */
export const defaultContactName = 'Visitor'

/** Returns a page of the account's contacts, and how many there are. */
export async function listContacts(queries: Queries, actor: Actor, query: ContactQuery) {
  const count = await countContacts(queries, actor.accountId)
  return contactPage(queries, actor, query, count)
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
  const ids = matches.map(({ subject_id }) => subject_id)
  const { payload, meta } = await contactPage(queries, actor, query, ids.length, ids)
  const count_capped = next !== null || (await isBackfilling(queries, actor.accountId))
  return { payload, meta: { ...meta, count_capped } }
}

/** Returns a page of the contacts, or of those with these ids. */
async function contactPage(
  queries: Queries,
  actor: Actor,
  query: ContactQuery,
  count: number,
  ids?: number[],
) {
  const descending = query.sort.startsWith('-')
  const order = { by: query.sort.replace('-', '') as SortKey, descending }
  const range = { limit: contactsPerPage, offset: (query.page - 1) * contactsPerPage }
  const contacts = await selectContacts(queries, actor.accountId, order, range, ids)
  return {
    payload: query.include_contact_inboxes ? await withContactInboxes(queries, actor, contacts) : contacts,
    meta: { count, current_page: query.page, total_pages: Math.ceil(count / contactsPerPage) },
  }
}

/** One contact with the inboxes that the actor sees. Throws `not_found`. */
export async function getContact(queries: Queries, actor: Actor, id: number): Promise<Contact> {
  const contact = await findContact(queries, actor.accountId, id)
  if (!contact) throw notFound('contact')
  return (await withContactInboxes(queries, actor, [contact]))[0]!
}

/**
 * Creates a contact, and adds it to an inbox if one is given: then the result has its secret there, which is never shown
 * again. Throws `invalid` if another contact has the same value in a unique field.
 */
export function createContact(database: Database, actor: Actor, input: NewContact): Promise<Contact> {
  const { inbox_id } = input
  return database.transaction(actor.accountId, async (tx) => {
    const id = await addContact(tx, actor.accountId, input)
    const inbox = inbox_id && (await findInbox(tx, actor, inbox_id))
    if (inbox_id && !inbox) throw invalid('inbox_id', 'names no inbox of this account', 'not_found')
    const contactInbox = inbox && { account_id: actor.accountId, inbox_id: inbox.id, contact_id: id }
    const secret = contactInbox && (await createSecret(tx, contactInbox))
    await logContact(tx, actor, id, 'contact_created')
    const contact = await getContact(tx, actor, id)
    if (!inbox || !secret) return contact
    return {
      ...contact,
      contact_inboxes: [{ source_id: secret, inbox: { id: inbox.id, name: inbox.name } }],
    }
  })
}

/** Creates a contact and returns its id. Throws `invalid` if another contact has the same value in a unique field. */
export async function addContact(tx: Queries, accountId: number, input: NewContact): Promise<number> {
  const fields = contactFields(input)
  const { email, phone_number, identifier } = fields
  await assertUnique(tx, accountId, { email, phone_number, identifier })
  const now = Date.now()
  const id = await nextId(tx, accountId, 'contacts')
  await insertContact(tx, { account_id: accountId, id, ...fields, created_at: now, updated_at: now })
  await indexContact(tx, accountId, { id, ...fields })
  return id
}

/** The columns of a new contact: with a normalized e-mail address, and always with a name. */
export function contactFields(input: NewContact) {
  const email = input.email ? normalizeEmail(input.email) : null
  const phone_number = input.phone_number ?? null
  const identifier = input.identifier ?? null
  return {
    name: input.name ?? email ?? phone_number ?? identifier ?? defaultContactName,
    email,
    phone_number,
    identifier,
    custom_attributes: attributesText('custom_attributes', input.custom_attributes),
  }
}

/**
 * Lets the search find a contact that was created or changed, in the same transaction: programs create the contacts that
 * they do not find.
 */
export function indexContact(
  tx: Queries,
  accountId: number,
  contact: Parameters<typeof textOfContact>[0] & { id: number },
): Promise<void> {
  const text = textOfContact(contact)
  return addDocuments(tx, accountId, [
    { subject: 'contact', subject_id: contact.id, conversation_id: null, text },
  ])
}

/** Like `changeContact`, inside a transaction. */
export async function applyContactChange(
  tx: Queries,
  actor: Actor,
  id: number,
  change: ContactChange,
): Promise<void> {
  const { accountId } = actor
  const before = await findContact(tx, accountId, id)
  if (!before) throw notFound('contact')
  const after = applied(before, change)
  const { email, phone_number, identifier, blocked, custom_attributes } = after
  await assertUnique(tx, accountId, { email, phone_number, identifier }, id)
  const row = {
    ...after,
    blocked: blocked ? 1 : 0,
    custom_attributes: attributesText('custom_attributes', custom_attributes),
  }
  const changed = differences(before, after)
  if (changed.some((field) => identityFields.includes(field))) await assertMayChange(tx, actor, id)
  if (changed.length > 0) {
    await updateContact(tx, accountId, id, row)
    await indexContact(tx, accountId, { id, ...after })
    await logContact(tx, actor, id, 'contact_updated', changed, before)
  }
}

/** Who a contact is, and whether they may write. */
const identityFields: readonly (keyof Contact)[] = ['identifier', 'email', 'phone_number', 'blocked']

// Lists the fields, because a body can have others, too.
function applied(before: Contact, change: ContactChange) {
  const { name, email, phone_number, identifier, blocked, custom_attributes } = { ...before, ...change }
  // Only a new address is normalized: the normalized form of an old one can already belong to another contact.
  const address = change.email ? normalizeEmail(change.email) : email
  const attributes = Object.entries({ ...before.custom_attributes, ...custom_attributes })
  return {
    name: name ?? address ?? phone_number ?? identifier ?? defaultContactName,
    email: address,
    phone_number,
    identifier,
    blocked,
    custom_attributes: Object.fromEntries(attributes.filter(([, value]) => value !== null)),
  }
}

/** The names of the fields of `after` that differ from `before`. */
function differences(before: Contact, after: Partial<Contact>): (keyof Contact)[] {
  const names = Object.keys(after) as (keyof Contact)[]
  return names.filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]))
}

/** Throws `invalid` if a contact other than `ownId` has one of these values. */
export async function assertUnique(
  queries: Queries,
  accountId: number,
  unique: Pick<Contact, 'email' | 'phone_number' | 'identifier'>,
  ownId?: number,
): Promise<void> {
  for (const [column, value] of Object.entries(unique)) {
    // Null is looked up, too: the response time must not show a customer whether an address became a claim.
    const owner = await findIdBy(queries, accountId, column as 'email', value)
    if (owner && owner !== ownId) throw invalid(column, `is already used by contact ${owner}`, 'taken')
  }
}

/**
 * Appends an event about a contact. `changed` are the names of the fields that have changed, `before` their previous
 * values as far as the event shows them.
 */
export async function logContact(
  tx: Queries,
  actor: Actor,
  id: number,
  event: ContactEventName,
  changed: (keyof Contact)[] = [],
  before: Partial<Contact> = {},
): Promise<void> {
  const { accountId } = actor
  const contact = await findContact(tx, accountId, id)
  const data = { event, id, contact, changed, account: await getAccount(tx, accountId) }
  await appendEvent(tx, actor, {
    contact_id: id,
    name: event,
    audience: 'agents',
    data: JSON.stringify(data),
    before: pick(before, changed),
  })
}

/** Whether the account has this contact. */
export async function contactExists(queries: Queries, accountId: number, id: number): Promise<boolean> {
  return (await findContact(queries, accountId, id)) !== undefined
}

/** Throws `contact_blocked` if the contact is blocked. */
export async function assertNotBlocked(queries: Queries, accountId: number, id: number): Promise<void> {
  if (await isContactBlocked(queries, accountId, id)) throw blockedContact()
}

/** The refusal of what a blocked contact sends. */
export function blockedContact(): Refusal {
  return new Refusal('contact_blocked', 'this contact is blocked and cannot write')
}

/** The contacts, each with those of its inboxes that the actor sees. */
async function withContactInboxes(queries: Queries, actor: Actor, contacts: Contact[]): Promise<Contact[]> {
  const visible = new Set((await listInboxNames(queries, actor)).map(({ id }) => id))
  const contactIds = contacts.map(({ id }) => id)
  const inboxes = await selectContactInboxes(queries, actor.accountId, contactIds)
  return contacts.map((contact) => ({
    ...contact,
    contact_inboxes: inboxes.get(contact.id)!.filter(({ inbox }) => visible.has(inbox.id)),
  }))
}

/** Whether a contact other than `ownId` has this value. Customers must not learn which one it is. */
export async function isUsedByOther(
  queries: Queries,
  accountId: number,
  column: 'email' | 'phone_number',
  value: string,
  ownId?: number,
): Promise<boolean> {
  const owner = await findIdBy(queries, accountId, column, value)
  return owner !== undefined && owner !== ownId
}

/** The id of the contact with this identifier; undefined if there is none. */
export function findByIdentifier(queries: Queries, accountId: number, identifier: string) {
  return findIdBy(queries, accountId, 'identifier', identifier)
}

/** The id of the contact with one of these values, an e-mail address first; undefined if there is none. */
export async function findContactWith(
  queries: Queries,
  accountId: number,
  { email, phone_number }: { email?: string | undefined; phone_number?: string | undefined },
): Promise<number | undefined> {
  const byEmail = email && (await findIdBy(queries, accountId, 'email', normalizeEmail(email)))
  return byEmail || (phone_number ? findIdBy(queries, accountId, 'phone_number', phone_number) : undefined)
}
