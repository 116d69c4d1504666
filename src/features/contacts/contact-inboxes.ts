import { randomUUID } from 'node:crypto'
import type { Queries } from '../../db/database.ts'
import { logContactAccessChange } from '../../events/access.ts'
import { type Actor, seesAllInboxes } from '../../lib/actor.ts'
import { invalid, Refusal } from '../../lib/errors.ts'
import { randomSecret, secretHash } from '../../lib/secrets.ts'
import {
  type ContactInboxRef,
  deleteSecrets,
  findBySecretHash,
  findHiddenInbox,
  findNameOwner,
  findOldestContactInbox,
  findSecretOwner,
  insertContactInbox,
  insertSecret,
  selectNameOwners,
  selectSecretOwners,
  selectSecrets,
} from './contact-inboxes.store.ts'

/** Secrets of one contact at one inbox. Creating more revokes the oldest. */
const maxSecrets = 20

/** Whether a `source_id` has the form of a secret that the server generates. Any other is a name and gives no access. */
export function isSecret(sourceId: string): boolean {
  return /^src_[\w-]{43}$/.test(sourceId)
}

/** Whether a `source_id` has the form of a secret that another system has given to a browser: a random UUID. */
export function isGivenSecret(sourceId: string): boolean {
  return /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/.test(sourceId)
}

/** The contact that a secret belongs to at the inbox with this `inbox_identifier`; undefined if there is no such secret. */
export async function findContactInboxBySecret(
  queries: Queries,
  inboxIdentifier: string,
  sourceId: string,
): Promise<(ContactInboxRef & { channel_type: string }) | undefined> {
  // The query runs for every `source_id`, so that its form does not show in the response time.
  const contactInbox = await findBySecretHash(queries, inboxIdentifier, secretHash(sourceId))
  return isSecret(sourceId) || isGivenSecret(sourceId) ? contactInbox : undefined
}

/**
 * Finds or creates the row of a contact at an inbox: the one with the name `sourceId`, otherwise the oldest. Conversations
 * refer to the row by its `key`. Throws `invalid` if the name belongs to another contact, or if `sourceId` is a secret of
 * another contact.
 */
export async function openContactInbox(
  tx: Queries,
  contactInbox: ContactInboxRef,
  sourceId?: string | null,
): Promise<{ key: string; name: string | null; isNew: boolean }> {
  if (sourceId && isSecret(sourceId)) await assertOwnSecret(tx, contactInbox, sourceId)
  else if (sourceId) return openNamed(tx, contactInbox, sourceId)
  const oldest = await findOldestContactInbox(tx, contactInbox)
  if (oldest) {
    const { source_id: key, has_name } = oldest
    return { key, name: has_name === 1 ? key : null, isNew: false }
  }
  const key = randomUUID()
  await insertContactInbox(tx, { ...contactInbox, source_id: key, has_name: 0, created_at: Date.now() })
  return { key, name: null, isNew: true }
}

async function openNamed(tx: Queries, contactInbox: ContactInboxRef, name: string) {
  const owner = await findNameOwner(tx, contactInbox.account_id, contactInbox.inbox_id, name)
  if (owner !== undefined && owner !== contactInbox.contact_id) {
    throw invalid('source_id', 'is already used by another contact of this inbox', 'taken')
  }
  const isNew = owner === undefined
  if (isNew) {
    await insertContactInbox(tx, { ...contactInbox, source_id: name, has_name: 1, created_at: Date.now() })
  }
  return { key: name, name, isNew }
}

// Otherwise somebody could change a secret that they know into one that opens another contact.
async function assertOwnSecret(tx: Queries, contactInbox: ContactInboxRef, secret: string): Promise<void> {
  const owner = await findSecretOwner(tx, contactInbox.account_id, contactInbox.inbox_id, secretHash(secret))
  if (owner === contactInbox.contact_id) return
  const rule = 'has the form of a secret, but is not a secret of this contact at this inbox: leave it out'
  throw invalid('source_id', rule)
}

/** The id of the contact with this name at the inbox; undefined if there is none. */
export function findNamedContact(
  queries: Queries,
  { account_id, inbox_id }: Omit<ContactInboxRef, 'contact_id'>,
  name: string,
): Promise<number | undefined> {
  return findNameOwner(queries, account_id, inbox_id, name)
}

/** The contacts with this name or secret at one of these inboxes, and the inbox of each. */
export function findContactInboxes(
  queries: Queries,
  accountId: number,
  inboxIds: number[],
  sourceId: string,
): Promise<Omit<ContactInboxRef, 'account_id'>[]> {
  return isSecret(sourceId)
    ? selectSecretOwners(queries, accountId, inboxIds, secretHash(sourceId))
    : selectNameOwners(queries, accountId, inboxIds, sourceId)
}

/** Whether the contact was added to the inbox. */
export async function hasContactInbox(queries: Queries, contactInbox: ContactInboxRef): Promise<boolean> {
  return (await findOldestContactInbox(queries, contactInbox)) !== undefined
}

/** Creates a secret of the contact at the inbox and returns it. Only its hash is stored. */
export async function createSecret(tx: Queries, contactInbox: ContactInboxRef): Promise<string> {
  await openContactInbox(tx, contactInbox)
  const older = (await selectSecrets(tx, contactInbox)).slice(maxSecrets - 1)
  if (older.length > 0) {
    await deleteSecrets(tx, contactInbox, older)
    await logContactAccessChange(tx, contactInbox.account_id, contactInbox.contact_id)
  }
  const secret = randomSecret('src')
  await insertSecret(tx, { ...contactInbox, hash: secretHash(secret), created_at: Date.now() })
  return secret
}

/** Whether the contact has a secret at the inbox. */
export async function hasSecret(queries: Queries, contactInbox: ContactInboxRef): Promise<boolean> {
  return (await selectSecrets(queries, contactInbox)).length > 0
}

/** Revokes the secrets of a contact, at one inbox or at all of them, and ends the streams opened with them. */
export async function revokeSecrets(
  tx: Queries,
  contactInbox: Omit<ContactInboxRef, 'inbox_id'> & { inbox_id?: number },
): Promise<void> {
  const count = await deleteSecrets(tx, contactInbox)
  if (count > 0) await logContactAccessChange(tx, contactInbox.account_id, contactInbox.contact_id)
}

/**
 * Throws `administrator_required` if the contact is also in an inbox that the actor does not see: by changing the contact's identity or
 * secrets, the actor could get access to its conversations there.
 */
export async function assertMayChange(queries: Queries, actor: Actor, contactId: number): Promise<void> {
  if (seesAllInboxes(actor)) return
  const hidden = await findHiddenInbox(queries, actor.accountId, contactId, actor.userId)
  if (hidden === undefined) return
  const rule = `contact ${contactId} is also in an inbox that you are not a member of`
  throw new Refusal('administrator_required', `${rule}: ask an administrator to do this`)
}
