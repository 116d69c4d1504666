import type { Database, Queries } from '../../db/database.ts'
import type { Actor } from '../../lib/actor.ts'
import { invalid, notFound } from '../../lib/errors.ts'
import { findInbox } from '../inboxes/service.ts'
import {
  addSecret,
  assertMayChange,
  endSecrets,
  hasSecret,
  isAt,
  openContactInbox,
  type Place,
} from './contact-inboxes.ts'
import type { Contact, ContactChange, ContactInbox, NewContactInbox } from './schema.ts'
import { applyContactChange, contactExists, getContact, logContact } from './service.ts'

/**
 * Changes the fields that are named, and gives the contact. Custom attributes are merged as RFC 7396 does on the first
 * level: null removes one. Throws `not_found`, `forbidden` for what the actor may not change (`assertMayChange`), or
 * `invalid` if a unique field is another contact's.
 */
export function changeContact(
  database: Database,
  actor: Actor,
  id: number,
  wanted: ContactChange,
): Promise<Contact> {
  const { accountId } = actor
  return database.transaction(accountId, async (tx) => {
    await applyContactChange(tx, actor, id, wanted)
    return getContact(tx, actor, id)
  })
}

/**
 * Adds a contact to an inbox; `isNew` is false if nothing was made. The `source_id` is the name asked for, or a secret
 * if the contact has neither a name nor a secret there, or the name that it has; null if it has a secret. Throws
 * `not_found`, `forbidden`, or `invalid` for an inbox that the actor does not see or a `source_id` that is not free.
 */
export function addContactInbox(
  database: Database,
  actor: Actor,
  id: number,
  { inbox_id, source_id }: NewContactInbox,
): Promise<{ contactInbox: ContactInbox; isNew: boolean }> {
  return database.transaction(actor.accountId, async (tx) => {
    const { place, inbox } = await findBoth(tx, actor, id, inbox_id)
    await assertMayChange(tx, actor, id)
    const opened = await openContactInbox(tx, place, source_id)
    const isOpen = opened.name !== null || (await hasSecret(tx, place))
    const shown = isOpen ? opened.name : await addSecret(tx, place)
    const isNew = opened.isNew || !isOpen
    if (isNew) await logContact(tx, actor, id, 'contact_updated', ['contact_inboxes'])
    return { contactInbox: { source_id: shown, inbox }, isNew }
  })
}

/**
 * Ends all secrets of a contact at an inbox and returns a new one. Throws `not_found`, or `invalid` for an inbox that
 * the contact has not been added to.
 */
export function rotateSourceId(
  database: Database,
  actor: Actor,
  id: number,
  inboxId: number,
): Promise<ContactInbox> {
  return database.transaction(actor.accountId, async (tx) => {
    const { place, inbox } = await findBoth(tx, actor, id, inboxId)
    if (!(await isAt(tx, place))) throw invalid('inbox_id', 'names no inbox of this contact')
    await endSecrets(tx, place)
    return { source_id: await addSecret(tx, place), inbox }
  })
}

async function findBoth(tx: Queries, actor: Actor, contact_id: number, inbox_id: number) {
  if (!(await contactExists(tx, actor.accountId, contact_id))) throw notFound('contact')
  const inbox = await findInbox(tx, actor, inbox_id)
  if (!inbox) throw invalid('inbox_id', 'names no inbox of this account')
  const place: Place = { account_id: actor.accountId, inbox_id, contact_id }
  return { place, inbox: { id: inbox.id, name: inbox.name } }
}
