import type { Database, Queries } from '../../db/database.ts'
import { nextId } from '../../db/ids.ts'
import { appendEvent } from '../../events/append.ts'
import type { Actor } from '../../lib/actor.ts'
import { normalizeEmail } from '../../lib/email.ts'
import { invalid, notFound, Refusal } from '../../lib/errors.ts'
import { attributesText, mergedAttributes, pick } from '../../lib/json.ts'
import { getAccount } from '../accounts/service.ts'
import { assertCompany, findCompanyOfEmail } from '../companies/service.ts'
import { readAttributes } from '../custom-attributes/validation.ts'
import { findInbox, listInboxNames } from '../inboxes/service.ts'
import { textOfContact } from '../search/parts.store.ts'
import { addDocuments } from '../search/service.ts'
import { selectContactInboxes } from './contact-inboxes.store.ts'
import { assertMayChange, createSecret, openContactInbox } from './contact-inboxes.ts'
import type { ContactEventName } from './events.ts'
import { isContactBlocked, updateContact } from './parts.store.ts'
import type { Contact, ContactChange, NewContact } from './schema.ts'
import { findContact, findIdBy, insertContact } from './store.ts'

/** The name of a contact about whom nothing is known. */
export const defaultContactName = 'Visitor'

/** One contact with the inboxes that the actor sees. Throws `not_found`. */
export async function getContact(queries: Queries, actor: Actor, id: number): Promise<Contact> {
  const contact = await findContact(queries, actor.accountId, id)
  if (!contact) throw notFound('contact')
  return (await withContactInboxes(queries, actor, [contact]))[0]!
}

/**
 * Creates a contact, and adds it to an inbox if one is given: with the name `source_id`, or else the result has its
 * secret there, which is never shown again. Throws `invalid` if another contact has the same value in a unique field.
 */
export function createContact(
  database: Database,
  actor: Actor,
  input: NewContact & { source_id?: string },
): Promise<Contact> {
  const { inbox_id, source_id } = input
  return database.transaction(actor.accountId, async (tx) => {
    const id = await addContact(tx, actor.accountId, input)
    const inbox = inbox_id && (await findInbox(tx, actor, inbox_id))
    if (inbox_id && !inbox) throw invalid('inbox_id', 'names no inbox of this account', 'not_found')
    const contactInbox = inbox && { account_id: actor.accountId, inbox_id: inbox.id, contact_id: id }
    if (contactInbox && source_id) await openContactInbox(tx, contactInbox, source_id)
    const secret = contactInbox && !source_id && (await createSecret(tx, contactInbox))
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
  const attributes = await readAttributes(tx, accountId, 'contact_attribute', input.custom_attributes)
  const fields = contactFields({ ...input, custom_attributes: mergedAttributes({}, attributes) })
  const { email, phone_number, identifier } = fields
  await assertUnique(tx, accountId, { email, phone_number, identifier })
  const company_id = await companyOf(tx, accountId, fields)
  const now = Date.now()
  const id = await nextId(tx, accountId, 'contacts')
  await insertContact(tx, {
    ...{ account_id: accountId, id, ...fields, company_id },
    ...{ created_at: now, updated_at: now },
  })
  await indexContact(tx, accountId, { id, ...fields })
  return id
}

/**
 * The company of a new contact: the given one, or else the one with the domain of its e-mail address. Throws `invalid` if
 * the given one does not exist.
 */
async function companyOf(
  tx: Queries,
  accountId: number,
  { company_id, email }: Pick<ReturnType<typeof contactFields>, 'company_id' | 'email'>,
): Promise<number | null> {
  if (company_id) await assertCompany(tx, accountId, company_id)
  if (company_id !== undefined || email === null) return company_id ?? null
  return (await findCompanyOfEmail(tx, accountId, email)) ?? null
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
    avatar_url: input.avatar_url ?? null,
    company_id: input.company_id,
    custom_attributes: attributesText('custom_attributes', input.custom_attributes),
    additional_attributes: attributesText('additional_attributes', input.additional_attributes),
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
  const custom = await readAttributes(
    tx,
    accountId,
    'contact_attribute',
    change.custom_attributes,
    before.custom_attributes,
  )
  const after = applied(before, { ...change, custom_attributes: custom })
  const { email, phone_number, identifier, blocked, custom_attributes, additional_attributes } = after
  await assertUnique(tx, accountId, { email, phone_number, identifier }, id)
  const { thumbnail, ...columns } = after
  const row = {
    ...columns,
    avatar_url: thumbnail,
    blocked: blocked ? 1 : 0,
    custom_attributes: attributesText('custom_attributes', custom_attributes),
    additional_attributes: attributesText('additional_attributes', additional_attributes),
  }
  const changed = differences(before, after)
  if (change.company_id && changed.includes('company_id'))
    await assertCompany(tx, accountId, change.company_id)
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
  const { name, email, phone_number, identifier, blocked, company_id } = { ...before, ...change }
  // Only a new address is normalized: the normalized form of an old one can already belong to another contact.
  const address = change.email ? normalizeEmail(change.email) : email
  return {
    name: name ?? address ?? phone_number ?? identifier ?? defaultContactName,
    email: address,
    phone_number,
    identifier,
    blocked,
    company_id,
    thumbnail: change.avatar_url === undefined ? before.thumbnail : change.avatar_url,
    custom_attributes: mergedAttributes(before.custom_attributes, change.custom_attributes),
    additional_attributes: mergedAttributes(before.additional_attributes, change.additional_attributes),
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
export async function withContactInboxes(
  queries: Queries,
  actor: Actor,
  contacts: Contact[],
): Promise<Contact[]> {
  const visible = new Set((await listInboxNames(queries, actor)).map(({ id }) => id))
  const contactIds = contacts.map(({ id }) => id)
  const inboxes = await selectContactInboxes(queries, actor.accountId, contactIds)
  return contacts.map((contact) => ({
    ...contact,
    contact_inboxes: inboxes.get(contact.id)!.filter(({ inbox }) => visible.has(inbox.id)),
  }))
}
