import type { Database, Queries } from '../../db/database.ts'
import { normalizeEmail } from '../../lib/email.ts'
import { notFound } from '../../lib/errors.ts'
import type { Contact } from '../contacts/schema.ts'
import {
  addContact,
  applyContactChange,
  createSecret,
  defaultContactName,
  findByIdentifier,
  getContact,
  isUsedByOther,
  logContact,
  revokeSecrets,
} from '../contacts/service.ts'
import { systemOf } from '../conversations/service.ts'
import { findInboxByIdentifier } from '../inboxes/service.ts'
import { mergeInto } from '../privacy/service.ts'
import { provenIdentifier } from './proof.ts'
import type { ClientContact, ClientContactChange, ClientInbox, NewClientContact } from './schema.ts'
import { type Customer, findCustomer } from './service.ts'

/** What a page needs of an inbox before anybody writes. Throws `not_found`. */
export async function describeInbox(queries: Queries, identifier: string): Promise<ClientInbox> {
  const { name, channel_type, greeting_message, hmac_mandatory } = await inboxOf(queries, identifier)
  return { name, channel_type, greeting_message, identity_validation: hmac_mandatory === 1 }
}

async function inboxOf(queries: Queries, identifier: string) {
  const inbox = await findInboxByIdentifier(queries, identifier)
  if (!inbox) throw notFound('inbox')
  return inbox
}

/**
 * Makes a contact at an inbox, or with a proven identifier opens the one that has it; the result has a new secret. What
 * is not proven opens nobody and takes nothing: an identifier, and an address that another contact has, is kept as a
 * claim. Throws `forbidden` for a wrong proof, and if the inbox demands one and there is none; `not_found`.
 */
export async function openContact(
  database: Database,
  inboxIdentifier: string,
  wanted: NewClientContact,
): Promise<ClientContact> {
  const { account_id, id: inbox_id, ...inbox } = await inboxOf(database.read, inboxIdentifier)
  const proven = provenIdentifier(inbox, wanted)
  const system = systemOf(account_id)
  return database.transaction(account_id, async (tx) => {
    // It may have gone meanwhile.
    await inboxOf(tx, inboxIdentifier)
    const known = proven && (await findByIdentifier(tx, account_id, proven))
    const visitor = proven && (await unnamedVisitor(tx, inboxIdentifier, wanted.source_id))
    // Whoever knew a secret of the visitor must not read what the person writes, or has written elsewhere.
    if (visitor) await revokeSecrets(tx, { account_id, contact_id: visitor })
    if (visitor && known) await mergeInto(tx, system, known, visitor)
    else if (visitor) await applyContactChange(tx, system, visitor, { identifier: proven })
    const person = known || visitor
    if (person) await changeOwn(tx, { account_id, contact_id: person, system }, wanted)
    const contact_id = person || (await makeContact(tx, account_id, wanted, proven))
    const source_id = await createSecret(tx, { account_id, inbox_id, contact_id })
    if (!person) await logContact(tx, system, contact_id, 'contact_created')
    return toClientContact(await getContact(tx, system, contact_id), source_id)
  })
}

/** The contact whose secret this is here, if nobody has said who it is. */
async function unnamedVisitor(tx: Queries, inbox: string, sourceId: string | null | undefined) {
  const visitor = sourceId ? await findCustomer(tx, inbox, sourceId) : undefined
  if (!visitor) return undefined
  const { identifier } = await getContact(tx, visitor.system, visitor.contact_id)
  return identifier === null ? visitor.contact_id : undefined
}

async function makeContact(
  tx: Queries,
  accountId: number,
  wanted: NewClientContact,
  proven: string | undefined,
): Promise<number> {
  const { fields, claims } = await separated(tx, accountId, wanted)
  if (wanted.identifier && !proven) claims.claimed_identifier = wanted.identifier
  return addContact(tx, accountId, {
    ...fields,
    // Not the address: it would be the name only if no other contact has it.
    name: fields.name ?? defaultContactName,
    identifier: proven ?? null,
    custom_attributes: withoutNulls({ ...wanted.custom_attributes, ...claims }),
  })
}

function withoutNulls(attributes: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== null))
}

/** Changes what the contact says of itself. Throws `not_found`. */
export function changeOwnContact(
  database: Database,
  customer: Customer,
  wanted: ClientContactChange,
): Promise<ClientContact> {
  return database.transaction(customer.account_id, async (tx) => {
    await changeOwn(tx, customer, wanted)
    return toClientContact(await getContact(tx, customer.system, customer.contact_id), customer.source_id)
  })
}

/** The contact as it sees itself. Throws `not_found`. */
export async function showOwnContact(
  queries: Queries,
  { system, contact_id, source_id }: Customer,
): Promise<ClientContact> {
  return toClientContact(await getContact(queries, system, contact_id), source_id)
}

/** As `changeOwnContact`, inside a transaction. */
export async function changeOwn(
  tx: Queries,
  { account_id, contact_id, system }: Pick<Customer, 'account_id' | 'contact_id' | 'system'>,
  wanted: ClientContactChange,
): Promise<void> {
  const before = await getContact(tx, system, contact_id)
  const { fields, claims } = await separated(tx, account_id, wanted, contact_id)
  // What is known already an agent may rely on: the customer adds to it, and changes none of it.
  const added = Object.entries(wanted.custom_attributes ?? {}).filter(
    ([name]) => !Object.hasOwn(before.custom_attributes, name),
  )
  await applyContactChange(tx, system, contact_id, {
    ...fields,
    custom_attributes: { ...Object.fromEntries(added), ...claims },
  })
}

/** What another contact has becomes a claim: the answer is the same, so that nobody finds out whose addresses are known. */
async function separated(
  tx: Queries,
  accountId: number,
  { name, email, phone_number }: ClientContactChange,
  ownId?: number,
) {
  const fields: ClientContactChange = name === undefined ? {} : { name: name ?? defaultContactName }
  const claims: Record<string, string | null> = {}
  for (const [column, given] of Object.entries({ email, phone_number })) {
    if (given === undefined) continue
    const value = column === 'email' && given ? normalizeEmail(given) : given
    const key = column as 'email' | 'phone_number'
    const taken = value !== null && (await isUsedByOther(tx, accountId, key, value, ownId))
    // Where it is taken, what the contact has stays.
    if (!taken) fields[key] = value
    claims[`claimed_${column}`] = taken ? value : null
  }
  return { fields, claims }
}

function toClientContact(contact: Contact, source_id: string): ClientContact {
  const { claimed_email, claimed_phone_number } = contact.custom_attributes
  const text = (claim: unknown) => (typeof claim === 'string' ? claim : null)
  return {
    source_id,
    pubsub_token: source_id,
    id: contact.id,
    name: contact.name,
    // The claim first: what was just said must look the same, taken or free.
    email: text(claimed_email) ?? contact.email,
    phone_number: text(claimed_phone_number) ?? contact.phone_number,
  }
}
