import type { Database, Queries } from '../../db/database.ts'
import { onBehalfOf } from '../../lib/actor.ts'
import { normalizeEmail } from '../../lib/email.ts'
import { invalid, notFound } from '../../lib/errors.ts'
import { createSecret, revokeSecrets } from '../contacts/contact-inboxes.ts'
import type { Contact } from '../contacts/schema.ts'
import {
  addContact,
  applyContactChange,
  defaultContactName,
  findByIdentifier,
  getContact,
  isUsedByOther,
  logContact,
} from '../contacts/service.ts'
import { findInboxByIdentifier, openHmacToken } from '../inboxes/service.ts'
import { mergeInto } from '../privacy/merge.ts'
import { provenIdentifier } from './proof.ts'
import type { ClientContact, ClientContactChange, ClientInbox, NewClientContact } from './schema.ts'
import { type Customer, findCustomer } from './service.ts'

// Bytes of a contact's attributes as JSON. The account's own limit is 64 KiB; the rest is for claims.
const mostAttributes = 56 * 1024

/** The inbox as a page shows it. Throws `not_found`. */
export async function describeInbox(queries: Queries, identifier: string): Promise<ClientInbox> {
  const { name, channel_type, greeting_message, hmac_mandatory } = await getInbox(queries, identifier)
  return { name, channel_type, greeting_message, identity_validation: hmac_mandatory === 1 }
}

async function getInbox(queries: Queries, identifier: string) {
  const inbox = await findInboxByIdentifier(queries, identifier)
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
    const existing = proven && (await findByIdentifier(tx, account_id, proven))
    const visitor = proven && (await anonymousVisitor(tx, inboxIdentifier, input.source_id))
    // Somebody else may know a secret of the visitor, and must not get access to the person's conversations.
    if (visitor) await revokeSecrets(tx, { account_id, contact_id: visitor })
    const person = existing || visitor
    const contact_id = person || (await createVisitor(tx, account_id, input, proven))
    const actor = onBehalfOf(account_id, { type: 'contact', id: contact_id })
    if (visitor && existing) await mergeInto(tx, actor, existing, visitor)
    else if (visitor) await applyContactChange(tx, actor, visitor, { identifier: proven })
    if (person) await applyOwnChange(tx, { account_id, contact_id, actor }, input)
    const source_id = await createSecret(tx, { account_id, inbox_id, contact_id })
    if (!person) await logContact(tx, actor, contact_id, 'contact_created')
    return toClientContact(await getContact(tx, actor, contact_id), source_id)
  })
}

/** The id of the contact with this secret at the inbox, if it has no identifier. */
async function anonymousVisitor(tx: Queries, inbox: string, sourceId: string | null | undefined) {
  const visitor = sourceId ? await findCustomer(tx, inbox, sourceId) : undefined
  if (!visitor) return undefined
  const { identifier } = await getContact(tx, visitor.actor, visitor.contact_id)
  return identifier === null ? visitor.contact_id : undefined
}

async function createVisitor(
  tx: Queries,
  accountId: number,
  input: NewClientContact,
  proven: string | undefined,
): Promise<number> {
  assertRoomForClaims(input.custom_attributes ?? {})
  const { fields, claims } = await splitClaims(tx, accountId, input)
  if (input.identifier && !proven) claims.claimed_identifier = input.identifier
  return addContact(tx, accountId, {
    ...fields,
    // Not the address: the name would show whether another contact has it.
    name: fields.name ?? defaultContactName,
    identifier: proven ?? null,
    custom_attributes: withoutNulls({ ...input.custom_attributes, ...claims }),
  })
}

function withoutNulls(attributes: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== null))
}

/** Changes the contact's own details. Throws `not_found`. */
export function changeOwnContact(
  database: Database,
  customer: Customer,
  input: ClientContactChange,
): Promise<ClientContact> {
  return database.transaction(customer.account_id, async (tx) => {
    await applyOwnChange(tx, customer, input)
    return toClientContact(await getContact(tx, customer.actor, customer.contact_id), customer.source_id)
  })
}

/** The contact as it sees itself. Throws `not_found`. */
export async function getOwnContact(
  queries: Queries,
  { actor, contact_id, source_id }: Customer,
): Promise<ClientContact> {
  return toClientContact(await getContact(queries, actor, contact_id), source_id)
}

/** Like `changeOwnContact`, inside a transaction. */
export async function applyOwnChange(
  tx: Queries,
  { account_id, contact_id, actor }: Pick<Customer, 'account_id' | 'contact_id' | 'actor'>,
  input: ClientContactChange,
): Promise<void> {
  const before = await getContact(tx, actor, contact_id)
  // Agents may rely on existing attributes: the customer can add some, but not change any.
  const added = Object.entries(input.custom_attributes ?? {}).filter(
    ([name]) => !Object.hasOwn(before.custom_attributes, name),
  )
  assertRoomForClaims({ ...before.custom_attributes, ...Object.fromEntries(added) })
  const { fields, claims } = await splitClaims(tx, account_id, input, contact_id)
  await applyContactChange(tx, actor, contact_id, {
    ...fields,
    custom_attributes: { ...Object.fromEntries(added), ...claims },
  })
}

/**
 * Throws `invalid` if the attributes leave no room for claims, whether or not there will be any: otherwise the size would
 * show that an address is in use.
 */
function assertRoomForClaims(attributes: Record<string, unknown>): void {
  if (Buffer.byteLength(JSON.stringify(attributes)) > mostAttributes) {
    throw invalid('custom_attributes', `must be at most ${mostAttributes / 1024} KiB of JSON`, 'too_large')
  }
}

/** Makes addresses of other contacts claims. The response is the same either way, so that nobody learns which are in use. */
async function splitClaims(
  tx: Queries,
  accountId: number,
  { name, email, phone_number }: ClientContactChange,
  ownId?: number,
) {
  const fields: ClientContactChange = name === undefined ? {} : { name: name ?? defaultContactName }
  const claims: Record<string, string | null> = {}
  for (const [column, text] of Object.entries({ email, phone_number })) {
    if (text === undefined) continue
    const value = column === 'email' && text ? normalizeEmail(text) : text
    const key = column as 'email' | 'phone_number'
    const isUsed = value !== null && (await isUsedByOther(tx, accountId, key, value, ownId))
    // If another contact uses the value, the contact's own one does not change.
    if (!isUsed) fields[key] = value
    claims[`claimed_${column}`] = isUsed ? value : null
  }
  return { fields, claims }
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
