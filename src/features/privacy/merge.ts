import type { Database, Queries } from '../../db/database.ts'
import type { Actor } from '../../lib/actor.ts'
import { invalid } from '../../lib/errors.ts'
import { attributesText } from '../../lib/json.ts'
import { moveNotes } from '../contact-notes/service.ts'
import { assertMayChange, revokeSecrets } from '../contacts/contact-inboxes.ts'
import { updateContact } from '../contacts/parts.store.ts'
import type { Contact } from '../contacts/schema.ts'
import { defaultContactName, getContact, indexContact, logContact } from '../contacts/service.ts'
import { logConversation } from '../conversations/event-log.ts'
import { moveVisits } from '../visits/service.ts'
import { logContactDeleted } from './contact-deleted.ts'
import type { ContactMerge } from './schema.ts'
import { type ContactRow, deleteContact, findContactRow, lockConversations, moveEverything } from './store.ts'

/**
 * Merges two contacts into the base and returns it. A field of the other one is lost only if the base has the same field.
 * Throws `invalid` if one of them does not exist, and `administrator_required` if the actor may not change both.
 */
export function mergeContacts(
  database: Database,
  actor: Actor,
  { base_contact_id: baseId, mergee_contact_id: mergeeId }: ContactMerge,
): Promise<Contact> {
  return database.transaction(actor.accountId, async (tx) => {
    for (const id of [baseId, mergeeId]) await assertMayChange(tx, actor, id)
    await revokeVisitorSecrets(tx, actor.accountId, baseId, mergeeId)
    await mergeInto(tx, actor, baseId, mergeeId)
    return getContact(tx, actor, baseId)
  })
}

/**
 * Anybody can become a visitor with the name and the address of somebody else. Their secret must not open the
 * conversations of the person that they are merged with.
 */
async function revokeVisitorSecrets(tx: Queries, account_id: number, baseId: number, mergeeId: number) {
  const base = await findContactRow(tx, account_id, baseId)
  const mergee = await findContactRow(tx, account_id, mergeeId)
  if (!mergee?.identifier) await revokeSecrets(tx, { account_id, contact_id: mergeeId })
  if (mergee?.identifier && base && !base.identifier)
    await revokeSecrets(tx, { account_id, contact_id: baseId })
}

/** Like `mergeContacts`, inside a transaction, without checking permissions. */
export async function mergeInto(tx: Queries, actor: Actor, baseId: number, mergeeId: number): Promise<void> {
  if (baseId === mergeeId)
    throw invalid('mergee_contact_id', 'must not be the same contact as base_contact_id')
  const { accountId } = actor
  const base = await findContactRow(tx, accountId, baseId)
  if (!base) throw invalid('base_contact_id', 'names no contact of this account', 'not_found')
  const mergee = await findContactRow(tx, accountId, mergeeId)
  if (!mergee) throw invalid('mergee_contact_id', 'names no contact of this account', 'not_found')
  const merged = mergedRow(base, mergee)
  const before = await getContact(tx, actor, baseId)
  const conversationIds = await lockConversations(tx, accountId, mergeeId)
  await moveEverything(tx, accountId, mergeeId, baseId)
  await moveVisits(tx, accountId, mergeeId, baseId)
  await moveNotes(tx, accountId, mergeeId, baseId)
  // Before the base gets its e-mail address, which is unique.
  await deleteContact(tx, accountId, mergeeId)
  await updateContact(tx, accountId, baseId, merged)
  await indexContact(tx, accountId, { id: baseId, ...merged })
  // The events must not depend on which inboxes the actor sees.
  const administrator: Actor = { ...actor, role: 'administrator' }
  for (const id of conversationIds) {
    // Only the id: the details of a contact that no longer exists must not stay in the log.
    await logConversation(tx, administrator, id, 'conversation_updated', { contact: { id: mergeeId } })
  }
  await logContact(tx, actor, baseId, 'contact_updated', changedFields(base, merged), before)
  await logContactDeleted(tx, actor, mergeeId, conversationIds, baseId)
}

function mergedRow(base: ContactRow, mergee: ContactRow) {
  const both = (name: 'custom_attributes' | 'additional_attributes') =>
    attributesText(name, { ...JSON.parse(mergee[name]), ...JSON.parse(base[name]) })
  return {
    name: base.name === defaultContactName ? mergee.name : base.name,
    email: base.email ?? mergee.email,
    phone_number: base.phone_number ?? mergee.phone_number,
    identifier: base.identifier ?? mergee.identifier,
    avatar_url: base.avatar_url ?? mergee.avatar_url,
    company_id: base.company_id ?? mergee.company_id,
    // Merging must not unblock a contact.
    blocked: Math.max(base.blocked, mergee.blocked),
    last_activity_at: latest(base.last_activity_at, mergee.last_activity_at),
    custom_attributes: both('custom_attributes'),
    additional_attributes: both('additional_attributes'),
  }
}

function latest(one: number | null, other: number | null): number | null {
  return one === null || other === null ? (one ?? other) : Math.max(one, other)
}

function changedFields(base: ContactRow, merged: ReturnType<typeof mergedRow>): (keyof Contact)[] {
  const names = Object.keys(merged) as (keyof typeof merged)[]
  const changed = names.filter((name) => merged[name] !== base[name])
  return changed.map((name) => (name === 'avatar_url' ? 'thumbnail' : name))
}
