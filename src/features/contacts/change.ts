import type { Database } from '../../db/database.ts'
import type { Actor } from '../../lib/actor.ts'
import { invalid, notFound } from '../../lib/errors.ts'
import { findInbox } from '../inboxes/service.ts'
import type { Contact, ContactChange, ContactInbox, NewContactInbox } from './schema.ts'
import { applyContactChange, getContact, logContact, openDoor } from './service.ts'
import { findContact, selectContactInboxes } from './store.ts'

/**
 * Changes the fields that are named, and gives the contact. Custom attributes are merged as RFC 7396 does on the first
 * level: null removes one. Throws `not_found`, or `invalid` where a unique field is another contact's.
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
 * Gives a contact a name at an inbox; `isNew` is false where it had that one. Throws `not_found`, or `invalid` for an
 * inbox that the actor does not see or a `source_id` that is another contact's.
 */
export function addContactInbox(
  database: Database,
  actor: Actor,
  id: number,
  { inbox_id, source_id }: NewContactInbox,
): Promise<{ door: ContactInbox; isNew: boolean }> {
  const { accountId } = actor
  return database.transaction(accountId, async (tx) => {
    if (!(await findContact(tx, accountId, id))) throw notFound('contact')
    const inbox = await findInbox(tx, actor, inbox_id)
    if (!inbox) throw invalid('inbox_id', 'names no inbox of this account')
    const doors = (await selectContactInboxes(tx, accountId, [id])).get(id)!
    const door = {
      source_id: await openDoor(tx, accountId, inbox_id, id, source_id),
      inbox: { id: inbox.id, name: inbox.name },
    }
    const isNew = !doors.some((one) => one.inbox.id === inbox_id && one.source_id === door.source_id)
    if (isNew) await logContact(tx, actor, id, 'contact_updated', ['contact_inboxes'])
    return { door, isNew }
  })
}
