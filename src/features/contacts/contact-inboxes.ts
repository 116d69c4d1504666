import { randomUUID } from 'node:crypto'
import type { Queries } from '../../db/database.ts'
import { logContactAccessChange } from '../../events/access.ts'
import { type Actor, seesAllInboxes } from '../../lib/actor.ts'
import { invalid, Refusal } from '../../lib/errors.ts'
import { randomSecret, secretHash } from '../../lib/secrets.ts'
import {
  deleteSecrets,
  findForeignInbox,
  findNameOwner,
  findOldest,
  findPlace,
  findSecretOwner,
  insertContactInbox,
  insertSecret,
  type Place,
  selectSecrets,
} from './contact-inboxes.store.ts'

export type { Place } from './contact-inboxes.store.ts'

/** Of one contact at one inbox; the oldest ends when there are more. */
const mostSecrets = 20

/** Whether a `source_id` has the form of the secrets that the server makes; all others are names, and open nothing. */
export function isSecret(sourceId: string): boolean {
  return /^src_[\w-]{43}$/.test(sourceId)
}

/** Whom a secret opens at the inbox with this `inbox_identifier`; undefined if nobody. */
export async function findBySecret(
  queries: Queries,
  inboxIdentifier: string,
  sourceId: string,
): Promise<Place | undefined> {
  const place = await findPlace(queries, inboxIdentifier, secretHash(sourceId))
  return isSecret(sourceId) ? place : undefined
}

/**
 * The row of a contact at an inbox, made if there is none: the one of the name `wanted`, else the oldest. `key` is what
 * a conversation refers to. Throws `invalid` if the name is another contact's, or a secret that does not open this one.
 */
export async function openContactInbox(
  tx: Queries,
  place: Place,
  wanted?: string | null,
): Promise<{ key: string; name: string | null; isNew: boolean }> {
  if (wanted && isSecret(wanted)) await assertOpens(tx, place, wanted)
  else if (wanted) return openNamed(tx, place, wanted)
  const oldest = await findOldest(tx, place)
  if (oldest) {
    const { source_id: key, has_name } = oldest
    return { key, name: has_name === 1 ? key : null, isNew: false }
  }
  const key = randomUUID()
  await insertContactInbox(tx, { ...place, source_id: key, has_name: 0, created_at: Date.now() })
  return { key, name: null, isNew: true }
}

async function openNamed(tx: Queries, place: Place, name: string) {
  const owner = await findNameOwner(tx, place.account_id, place.inbox_id, name)
  if (owner !== undefined && owner !== place.contact_id) {
    throw invalid('source_id', 'belongs to another contact of this inbox')
  }
  const isNew = owner === undefined
  if (isNew) {
    await insertContactInbox(tx, { ...place, source_id: name, has_name: 1, created_at: Date.now() })
  }
  return { key: name, name, isNew }
}

// Else whoever knows a secret of their own could make it open somebody else.
async function assertOpens(tx: Queries, place: Place, secret: string): Promise<void> {
  const owner = await findSecretOwner(tx, place.account_id, place.inbox_id, secretHash(secret))
  if (owner === place.contact_id) return
  const rule = 'has the form of a secret, and is none of this contact at this inbox: leave it out'
  throw invalid('source_id', rule)
}

/** Whether the contact was added to the inbox. */
export async function isAt(queries: Queries, place: Place): Promise<boolean> {
  return (await findOldest(queries, place)) !== undefined
}

/** Makes a secret that opens the contact at the inbox, and returns it; from then on only its hash is known. */
export async function addSecret(tx: Queries, place: Place): Promise<string> {
  await openContactInbox(tx, place)
  const older = (await selectSecrets(tx, place)).slice(mostSecrets - 1)
  if (older.length > 0) {
    await deleteSecrets(tx, place, older)
    await logContactAccessChange(tx, place.account_id, place.contact_id)
  }
  const secret = randomSecret('src')
  await insertSecret(tx, { ...place, hash: secretHash(secret), created_at: Date.now() })
  return secret
}

/** Whether a secret opens the contact at the inbox. */
export async function hasSecret(queries: Queries, place: Place): Promise<boolean> {
  return (await selectSecrets(queries, place)).length > 0
}

/** Ends the secrets of a contact, at one inbox or at all of them, and the streams that they have opened. */
export async function endSecrets(
  tx: Queries,
  place: Omit<Place, 'inbox_id'> & { inbox_id?: number },
): Promise<void> {
  const count = await deleteSecrets(tx, place)
  if (count > 0) await logContactAccessChange(tx, place.account_id, place.contact_id)
}

/**
 * Throws `forbidden` if the contact is also at an inbox that the actor does not see. What decides who a contact is, or
 * who opens it, would give the actor the conversations there.
 */
export async function assertMayChange(queries: Queries, actor: Actor, contactId: number): Promise<void> {
  if (seesAllInboxes(actor)) return
  const foreign = await findForeignInbox(queries, actor.accountId, contactId, actor.userId)
  if (foreign === undefined) return
  const rule = `contact ${contactId} is also in an inbox that you are not a member of`
  throw new Refusal('forbidden', `${rule}: ask an administrator to do this`)
}
