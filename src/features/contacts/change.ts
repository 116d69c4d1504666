import type { Database, Queries } from '../../db/database.ts'
import type { Actor } from '../../lib/actor.ts'
import { invalid, notFound } from '../../lib/errors.ts'
import { findInbox } from '../inboxes/service.ts'
import type { ContactInboxRef } from './contact-inboxes.store.ts'
import {
  assertMayChange,
  createSecret,
  hasContactInbox,
  hasSecret,
  openContactInbox,
  revokeSecrets,
} from './contact-inboxes.ts'
import type { Contact, ContactChange, ContactInbox, NewContactInbox } from './schema.ts'
import { applyContactChange, contactExists, getContact, logContact } from './service.ts'

/**
 * Changes the given fields and returns the contact. Custom attributes are merged on the first level, as in RFC 7396: null
 * removes one. Throws `not_found`, `administrator_required` (see `assertMayChange`), or
 * `invalid` if another contact has the same value in a unique field.
 */
export function changeContact(
  database: Database,
  actor: Actor,
  id: number,
  change: ContactChange,
): Promise<Contact> {
  const { accountId } = actor
  return database.transaction(accountId, async (tx) => {
    await applyContactChange(tx, actor, id, change)
    return getContact(tx, actor, id)
  })
}

/**
 * Adds a contact to an inbox; `isNew` is false if nothing was created. The returned `source_id` is the requested one or
 * the one that the contact already has there; null if it only has a secret; a new secret if it has neither. Throws
 * `not_found`, `administrator_required`, or `invalid` if the actor does not see the inbox or another contact uses the `source_id`.
 */
export function addContactInbox(
  database: Database,
  actor: Actor,
  id: number,
  { inbox_id, source_id }: NewContactInbox,
): Promise<{ contactInbox: ContactInbox; isNew: boolean }> {
  return database.transaction(actor.accountId, async (tx) => {
    const { contactInbox, inbox } = await findContactAndInbox(tx, actor, id, inbox_id)
    await assertMayChange(tx, actor, id)
    const row = await openContactInbox(tx, contactInbox, source_id)
    const hasSourceId = row.name !== null || (await hasSecret(tx, contactInbox))
    const sourceId = hasSourceId ? row.name : await createSecret(tx, contactInbox)
    const isNew = row.isNew || !hasSourceId
    if (isNew) await logContact(tx, actor, id, 'contact_updated', ['contact_inboxes'])
    return { contactInbox: { source_id: sourceId, inbox }, isNew }
  })
}

/**
 * Revokes all secrets of a contact at an inbox and returns a new one. Throws `not_found`, or `invalid` if the contact has
 * not been added to the inbox.
 */
export function rotateSourceId(
  database: Database,
  actor: Actor,
  id: number,
  inboxId: number,
): Promise<ContactInbox> {
  return database.transaction(actor.accountId, async (tx) => {
    const { contactInbox, inbox } = await findContactAndInbox(tx, actor, id, inboxId)
    if (!(await hasContactInbox(tx, contactInbox)))
      throw invalid('inbox_id', 'names no inbox of this contact', 'not_found')
    await revokeSecrets(tx, contactInbox)
    return { source_id: await createSecret(tx, contactInbox), inbox }
  })
}

async function findContactAndInbox(tx: Queries, actor: Actor, contact_id: number, inbox_id: number) {
  if (!(await contactExists(tx, actor.accountId, contact_id))) throw notFound('contact')
  const inbox = await findInbox(tx, actor, inbox_id)
  if (!inbox) throw invalid('inbox_id', 'names no inbox of this account', 'not_found')
  const contactInbox: ContactInboxRef = { account_id: actor.accountId, inbox_id, contact_id }
  return { contactInbox, inbox: { id: inbox.id, name: inbox.name } }
}
