import type { Database, Queries } from '../../db/database.ts'
import { nextId } from '../../db/ids.ts'
import { appendEvent } from '../../events/append.ts'
import type { Actor } from '../../lib/actor.ts'
import { normalizeEmail } from '../../lib/email.ts'
import { invalid, notFound, Refusal } from '../../lib/errors.ts'
import { attributesText } from '../../lib/json.ts'
import { getAccount } from '../accounts/service.ts'
import { findInbox, listInboxes } from '../inboxes/service.ts'
import { selectContactInboxes } from './contact-inboxes.store.ts'
import { addSecret, assertMayChange } from './contact-inboxes.ts'
import type { ContactEventName } from './events.ts'
import type { Contact, ContactChange, ContactQuery, NewContact, SortKey } from './schema.ts'
import {
  countContacts,
  findContact,
  findIdBy,
  insertContact,
  selectContacts,
  updateContact,
} from './store.ts'

export {
  addSecret,
  assertMayChange,
  endSecrets,
  findBySecret,
  isSecret,
  openContactInbox,
} from './contact-inboxes.ts'

export const contactsPerPage = 15

/** What agents see where nothing is known of a contact. */
export const nameOfUnknown = 'Visitor'

/** A page of the account's contacts, and how many there are; of those that contain `text` where it is given. */
export async function listContacts(queries: Queries, actor: Actor, query: ContactQuery, text?: string) {
  const descending = query.sort.startsWith('-')
  const order = { by: query.sort.replace('-', '') as SortKey, descending }
  const range = { limit: contactsPerPage, offset: (query.page - 1) * contactsPerPage }
  const contacts = await selectContacts(queries, actor.accountId, order, range, text)
  const count = await countContacts(queries, actor.accountId, text)
  return {
    payload: query.include_contact_inboxes ? await withInboxes(queries, actor, contacts) : contacts,
    meta: { count, current_page: query.page, total_pages: Math.ceil(count / contactsPerPage) },
  }
}

/** One contact with its inboxes. Throws `not_found`. */
export async function getContact(queries: Queries, actor: Actor, id: number): Promise<Contact> {
  const contact = await findContact(queries, actor.accountId, id)
  if (!contact) throw notFound('contact')
  return (await withInboxes(queries, actor, [contact]))[0]!
}

/**
 * Makes a contact, at an inbox too if one is named: then the result has its secret there, this once. Throws `invalid` if a
 * unique field is taken.
 */
export function createContact(database: Database, actor: Actor, wanted: NewContact): Promise<Contact> {
  const { inbox_id } = wanted
  return database.transaction(actor.accountId, async (tx) => {
    const id = await addContact(tx, actor.accountId, wanted)
    const inbox = inbox_id && (await findInbox(tx, actor, inbox_id))
    if (inbox_id && !inbox) throw invalid('inbox_id', 'names no inbox of this account')
    const place = inbox && { account_id: actor.accountId, inbox_id: inbox.id, contact_id: id }
    const secret = place && (await addSecret(tx, place))
    await logContact(tx, actor, id, 'contact_created')
    const contact = await getContact(tx, actor, id)
    if (!inbox || !secret) return contact
    return {
      ...contact,
      contact_inboxes: [{ source_id: secret, inbox: { id: inbox.id, name: inbox.name } }],
    }
  })
}

/** Makes a contact and gives its id. Throws `invalid` where a unique field is taken. */
export async function addContact(tx: Queries, accountId: number, wanted: NewContact): Promise<number> {
  const fields = contactFields(wanted)
  const { email, phone_number, identifier } = fields
  await assertFree(tx, accountId, { email, phone_number, identifier })
  const now = Date.now()
  const id = await nextId(tx, accountId, 'contacts')
  await insertContact(tx, { account_id: accountId, id, ...fields, created_at: now, updated_at: now })
  return id
}

/** What is stored of a new contact: its address in the form that is looked up, and a name for everybody. */
export function contactFields(wanted: NewContact) {
  const email = wanted.email ? normalizeEmail(wanted.email) : null
  const phone_number = wanted.phone_number ?? null
  const identifier = wanted.identifier ?? null
  return {
    // Agents must see somebody, not a blank line.
    name: wanted.name ?? email ?? phone_number ?? identifier ?? nameOfUnknown,
    email,
    phone_number,
    identifier,
    custom_attributes: attributesText('custom_attributes', wanted.custom_attributes),
  }
}

/** As `changeContact`, inside a transaction. */
export async function applyContactChange(
  tx: Queries,
  actor: Actor,
  id: number,
  wanted: ContactChange,
): Promise<void> {
  const { accountId } = actor
  const before = await findContact(tx, accountId, id)
  if (!before) throw notFound('contact')
  const after = changedBy(before, wanted)
  const { email, phone_number, identifier, blocked, custom_attributes } = after
  await assertFree(tx, accountId, { email, phone_number, identifier }, id)
  const row = {
    ...after,
    blocked: blocked ? 1 : 0,
    custom_attributes: attributesText('custom_attributes', custom_attributes),
  }
  const changed = differences(before, after)
  if (changed.some((field) => guarded.includes(field))) await assertMayChange(tx, actor, id)
  if (changed.length > 0) {
    await updateContact(tx, accountId, id, row)
    await logContact(tx, actor, id, 'contact_updated', changed)
  }
}

/** What decides who a contact is, and whether they may write. */
const guarded: readonly (keyof Contact)[] = ['identifier', 'email', 'phone_number', 'blocked']

// Named one by one: a body may have fields of any other name, too.
function changedBy(before: Contact, wanted: ContactChange) {
  const { name, email, phone_number, identifier, blocked, custom_attributes } = { ...before, ...wanted }
  // What is stored stays as it is: an address from before addresses had one form may not be free in that form.
  const address = wanted.email ? normalizeEmail(wanted.email) : email
  const attributes = Object.entries({ ...before.custom_attributes, ...custom_attributes })
  return {
    name: name ?? address ?? phone_number ?? identifier ?? nameOfUnknown,
    email: address,
    phone_number,
    identifier,
    blocked,
    custom_attributes: Object.fromEntries(attributes.filter(([, value]) => value !== null)),
  }
}

/** The fields of `after` that are not what they were. */
function differences(before: Contact, after: Partial<Contact>): (keyof Contact)[] {
  const names = Object.keys(after) as (keyof Contact)[]
  return names.filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]))
}

/** Throws `invalid` where another contact than `ownId` has one of these. */
export async function assertFree(
  queries: Queries,
  accountId: number,
  unique: Pick<Contact, 'email' | 'phone_number' | 'identifier'>,
  ownId?: number,
): Promise<void> {
  for (const [column, value] of Object.entries(unique)) {
    // Asked for without a value, too: a customer must not learn from the time whether an address became a claim.
    const owner = await findIdBy(queries, accountId, column as 'email', value)
    if (owner && owner !== ownId) throw invalid(column, `belongs to contact ${owner} already`)
  }
}

/** Appends what has happened to a contact; `changed` names the fields that are not what they were. */
export async function logContact(
  tx: Queries,
  { accountId }: Actor,
  id: number,
  event: ContactEventName,
  changed: (keyof Contact)[] = [],
): Promise<void> {
  const contact = await findContact(tx, accountId, id)
  const data = { event, id: String(id), contact, changed, account: await getAccount(tx, accountId) }
  const place = { account_id: accountId, contact_id: id }
  await appendEvent(tx, { ...place, name: event, audience: 'agents', data: JSON.stringify(data) })
}

/** Whether the account has this contact. */
export async function contactExists(queries: Queries, accountId: number, id: number): Promise<boolean> {
  return (await findContact(queries, accountId, id)) !== undefined
}

/** Throws `forbidden` where the contact is blocked. */
export async function assertNotBlocked(queries: Queries, accountId: number, id: number): Promise<void> {
  if (!(await findContact(queries, accountId, id))?.blocked) return
  throw new Refusal('forbidden', 'this contact is blocked: what they write is not taken')
}

/** With the inboxes that the actor may work in. */
async function withInboxes(queries: Queries, actor: Actor, contacts: Contact[]): Promise<Contact[]> {
  const visible = new Set((await listInboxes(queries, actor)).map(({ id }) => id))
  const contactIds = contacts.map(({ id }) => id)
  const inboxes = await selectContactInboxes(queries, actor.accountId, contactIds)
  return contacts.map((contact) => ({
    ...contact,
    contact_inboxes: inboxes.get(contact.id)!.filter(({ inbox }) => visible.has(inbox.id)),
  }))
}

/** Whether another contact of the account has this, where nobody may be told which. */
export async function isTaken(
  queries: Queries,
  accountId: number,
  column: 'email' | 'phone_number',
  value: string,
  ownId?: number,
): Promise<boolean> {
  const owner = await findIdBy(queries, accountId, column, value)
  return owner !== undefined && owner !== ownId
}

/** The contact that has this identifier; undefined where none has. */
export function findByIdentifier(queries: Queries, accountId: number, identifier: string) {
  return findIdBy(queries, accountId, 'identifier', identifier)
}
