import type { Database, Queries } from '../../db/database.ts'
import { nextId } from '../../db/ids.ts'
import type { Actor } from '../../lib/actor.ts'
import { invalid, notFound } from '../../lib/errors.ts'
import { attributesText } from '../../lib/json.ts'
import { randomSecret } from '../../lib/secrets.ts'
import { findInbox, listInboxes } from '../inboxes/service.ts'
import type { Contact, ContactQuery, NewContact, SortKey } from './schema.ts'
import {
  countContacts,
  findContact,
  findDoor,
  findIdBy,
  findSourceId,
  insertContact,
  insertContactInbox,
  selectContactInboxes,
  selectContacts,
} from './store.ts'

export const contactsPerPage = 15

/** A page of the account's contacts, and how many there are. */
export async function listContacts(queries: Queries, actor: Actor, query: ContactQuery) {
  const descending = query.sort.startsWith('-')
  const order = { by: query.sort.replace('-', '') as SortKey, descending }
  const range = { limit: contactsPerPage, offset: (query.page - 1) * contactsPerPage }
  const contacts = await selectContacts(queries, actor.accountId, order, range)
  const count = await countContacts(queries, actor.accountId)
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

/** Makes a contact, at an inbox too where one is named. Throws `invalid` where a unique field is taken. */
export function createContact(database: Database, actor: Actor, wanted: NewContact): Promise<Contact> {
  return database.transaction(async (tx) => {
    const id = await addContact(tx, actor.accountId, wanted)
    if (wanted.inbox_id) {
      if (!(await findInbox(tx, actor, wanted.inbox_id)))
        throw invalid('inbox_id', 'names no inbox of this account')
      await openDoor(tx, actor.accountId, wanted.inbox_id, id)
    }
    return getContact(tx, actor, id)
  })
}

/** Makes a contact and gives its id. Throws `invalid` where a unique field is taken. */
export async function addContact(tx: Queries, accountId: number, wanted: NewContact): Promise<number> {
  const email = wanted.email?.toLowerCase() ?? null
  const phone_number = wanted.phone_number ?? null
  const identifier = wanted.identifier ?? null
  for (const [column, value] of Object.entries({ email, phone_number, identifier })) {
    const taken = value && (await findIdBy(tx, accountId, column as 'email', value))
    if (taken) throw invalid(column, `belongs to contact ${taken} already`)
  }
  const now = Date.now()
  const id = await nextId(tx, accountId, 'contacts')
  await insertContact(tx, {
    account_id: accountId,
    id,
    // Agents must see somebody, not a blank line.
    name: wanted.name ?? email ?? phone_number ?? identifier ?? 'Visitor',
    email,
    phone_number,
    identifier,
    custom_attributes: attributesText('custom_attributes', wanted.custom_attributes),
    created_at: now,
    updated_at: now,
  })
  return id
}

/**
 * The contact's `source_id` at an inbox: the one asked for, the one it has, or a new one. Throws `invalid` where it is
 * another contact's.
 */
export async function openDoor(
  tx: Queries,
  accountId: number,
  inboxId: number,
  contactId: number,
  wanted?: string | null,
): Promise<string> {
  if (wanted) {
    const door = await findDoor(tx, accountId, inboxId, wanted)
    if (door && door.contact_id !== contactId)
      throw invalid('source_id', 'belongs to another contact of this inbox')
    if (door) return wanted
  } else {
    const known = await findSourceId(tx, accountId, inboxId, contactId)
    if (known) return known
  }
  const source_id = wanted ?? randomSecret('src')
  const row = {
    account_id: accountId,
    inbox_id: inboxId,
    contact_id: contactId,
    source_id,
    created_at: Date.now(),
  }
  await insertContactInbox(tx, row)
  return source_id
}

/** Whether the account has this contact. */
export async function contactExists(queries: Queries, accountId: number, id: number): Promise<boolean> {
  return (await findContact(queries, accountId, id)) !== undefined
}

/** With the inboxes that the actor may work in: a `source_id` is a secret of its inbox. */
async function withInboxes(queries: Queries, actor: Actor, contacts: Contact[]): Promise<Contact[]> {
  const visible = new Set((await listInboxes(queries, actor)).map(({ id }) => id))
  const contactIds = contacts.map(({ id }) => id)
  const inboxes = await selectContactInboxes(queries, actor.accountId, contactIds)
  return contacts.map((contact) => ({
    ...contact,
    contact_inboxes: inboxes.get(contact.id)!.filter(({ inbox }) => visible.has(inbox.id)),
  }))
}
