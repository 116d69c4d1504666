import type { Database, Queries } from '../../db/database.ts'
import { notFound } from '../../lib/errors.ts'
import { createSecret } from '../contacts/contact-inboxes.ts'
import type { Contact } from '../contacts/schema.ts'
import { getContact, logContact } from '../contacts/service.ts'
import { findOrCreateContact } from '../customers/contact.ts'
import { customerOf } from '../customers/customer.ts'
import { changeOwnContact } from '../customers/service.ts'
import { openHmacToken } from '../inboxes/service.ts'
import { isInboxAvailable } from '../realtime/service.ts'
import { findOpenInbox } from './inbox.ts'
import { provenIdentifier } from './proof.ts'
import type { ClientContact, ClientContactChange, ClientInbox, NewClientContact } from './schema.ts'
import { type ClientCustomer, findCustomer } from './service.ts'

/** The inbox as a page shows it. Throws `not_found`. */
export async function describeInbox(queries: Queries, identifier: string): Promise<ClientInbox> {
  const inbox = await getInbox(queries, identifier)
  const { account_id, id, name, channel_type, greeting_message, hmac_mandatory } = inbox
  const available = await isInboxAvailable(queries, account_id, id)
  return { name, channel_type, greeting_message, identity_validation: hmac_mandatory === 1, available }
}

async function getInbox(queries: Queries, identifier: string) {
  const inbox = await findOpenInbox(queries, identifier)
  if (!inbox) throw notFound('inbox')
  return inbox
}

/**
 * Creates a contact at an inbox, or finds the one with a proven identifier. The result has a new secret. An identifier
 * without a proof, and an address of another contact, are stored as claims and give no access. Throws `not_found`, or
 * `identity_not_proven` for a wrong proof or if a required one is missing.
 */
export async function createOrFindContact(
  database: Database,
  inboxIdentifier: string,
  input: NewClientContact,
): Promise<ClientContact> {
  const inbox = await getInbox(database.read, inboxIdentifier)
  const { account_id, id: inbox_id, hmac_mandatory } = inbox
  const hmacToken = () => openHmacToken(database.read, inbox)
  const proven = provenIdentifier({ hmac_mandatory, hmacToken }, input)
  return database.transaction(account_id, async (tx) => {
    // The inbox may have been deleted since.
    await getInbox(tx, inboxIdentifier)
    const { source_id: visitorId } = input
    const visitor = proven && visitorId ? await findCustomer(tx, inboxIdentifier, visitorId) : undefined
    const arrival = { ...input, proven, visitor: visitor?.contact_id }
    const { contact_id, isNew } = await findOrCreateContact(tx, account_id, arrival)
    const { actor } = customerOf({ account_id, inbox_id, contact_id })
    const source_id = await createSecret(tx, { account_id, inbox_id, contact_id })
    if (isNew) await logContact(tx, actor, contact_id, 'contact_created')
    return toClientContact(await getContact(tx, actor, contact_id), source_id)
  })
}

/** Changes the contact's own details. Throws `not_found`. */
export async function changeOwn(
  database: Database,
  customer: ClientCustomer,
  input: ClientContactChange,
): Promise<ClientContact> {
  await changeOwnContact(database, customer, input)
  return getOwnContact(database.read, customer)
}

/** The contact as it sees itself. Throws `not_found`. */
export async function getOwnContact(
  queries: Queries,
  { actor, contact_id, source_id }: ClientCustomer,
): Promise<ClientContact> {
  return toClientContact(await getContact(queries, actor, contact_id), source_id)
}

function toClientContact(contact: Contact, source_id: string): ClientContact {
  const { claimed_email, claimed_phone_number } = contact.custom_attributes
  const textOrNull = (claim: unknown) => (typeof claim === 'string' ? claim : null)
  return {
    source_id,
    pubsub_token: source_id,
    id: contact.id,
    name: contact.name,
    // The claim first: the response must not show whether another contact uses the value.
    email: textOrNull(claimed_email) ?? contact.email,
    phone_number: textOrNull(claimed_phone_number) ?? contact.phone_number,
  }
}
