import type { Queries } from '../../db/database.ts'
import { onBehalfOf, systemOf } from '../../lib/actor.ts'
import { normalizeEmail } from '../../lib/email.ts'
import { invalid } from '../../lib/errors.ts'
import { revokeSecrets } from '../contacts/contact-inboxes.ts'
import { findByIdentifier, isUsedByOther } from '../contacts/lookup.ts'
import type { NewContact } from '../contacts/schema.ts'
import { addContact, applyContactChange, defaultContactName, getContact } from '../contacts/service.ts'
import { mergeInto } from '../privacy/merge.ts'
import type { Customer } from './customer.ts'

// Bytes of a contact's attributes as JSON. The account's own limit is 64 KiB; the rest is for claims.
const mostAttributes = 56 * 1024

/** What contacts say about themselves. */
export type OwnDetails = Pick<NewContact, 'name' | 'email' | 'phone_number' | 'custom_attributes'>

/** What somebody who arrives says about themselves, and what of it is proven. */
export interface Arrival extends OwnDetails {
  identifier?: string | null
  /** The identifier, if the person has proven that it is theirs. */
  proven: string | undefined
  /** The contact that the person has been so far, if that is proven, too. */
  visitor: number | undefined
}

/**
 * Finds the contact with a proven identifier, or creates one. An anonymous `visitor` who has proven an identifier becomes
 * that contact. An identifier without a proof, and an address of another contact, are stored as claims and give no access.
 */
export async function findOrCreateContact(
  tx: Queries,
  account_id: number,
  { proven, visitor: visitorId, ...input }: Arrival,
): Promise<{ contact_id: number; isNew: boolean }> {
  const existing = proven && (await findByIdentifier(tx, account_id, proven))
  const visitor =
    proven && visitorId && (await isAnonymous(tx, account_id, visitorId)) ? visitorId : undefined
  // Somebody else may know a secret of the visitor, and must not get access to the person's conversations.
  if (visitor) await revokeSecrets(tx, { account_id, contact_id: visitor })
  const contact_id = existing || visitor
  if (!contact_id) return { contact_id: await createVisitor(tx, account_id, input, proven), isNew: true }
  const actor = onBehalfOf(account_id, { type: 'contact', id: contact_id })
  if (visitor && existing) await mergeInto(tx, actor, existing, visitor)
  else if (visitor) await applyContactChange(tx, actor, visitor, { identifier: proven })
  await applyOwnChange(tx, { account_id, contact_id, actor }, input)
  return { contact_id, isNew: false }
}

async function isAnonymous(tx: Queries, accountId: number, contactId: number): Promise<boolean> {
  return (await getContact(tx, systemOf(accountId), contactId)).identifier === null
}

async function createVisitor(
  tx: Queries,
  accountId: number,
  input: OwnDetails & { identifier?: string | null },
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

/** Changes what contacts may change about themselves. Throws `not_found`. */
export async function applyOwnChange(
  tx: Queries,
  { account_id, contact_id, actor }: Pick<Customer, 'account_id' | 'contact_id' | 'actor'>,
  input: OwnDetails,
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
  { name, email, phone_number }: OwnDetails,
  ownId?: number,
) {
  const fields: OwnDetails = name === undefined ? {} : { name: name ?? defaultContactName }
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
