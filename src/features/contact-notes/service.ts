import type { Database, Queries } from '../../db/database.ts'
import { nextId } from '../../db/ids.ts'
import { type Actor, assertAuthorOrAdministrator } from '../../lib/actor.ts'
import { notFound, Refusal } from '../../lib/errors.ts'
import { contactExists } from '../contacts/service.ts'
import { noteEvents } from './events.ts'
import {
  type ContactNote,
  type ContactNoteQuery,
  mostNotes,
  type NewContactNote,
  notesPerPage,
} from './schema.ts'
import * as store from './store.ts'

/** Returns a page of the notes about a contact, newest first. Throws `not_found`. */
export async function listNotes(
  queries: Queries,
  { accountId }: Actor,
  contactId: number,
  { before_id = Number.MAX_SAFE_INTEGER }: ContactNoteQuery,
): Promise<{ payload: ContactNote[]; meta: { before_id: number | null } }> {
  if (!(await contactExists(queries, accountId, contactId))) throw notFound('contact')
  const contact = { account_id: accountId, contact_id: contactId }
  const found = await store.selectNotes(queries, contact, before_id, notesPerPage + 1)
  const payload = found.slice(0, notesPerPage)
  return { payload, meta: { before_id: found.length > notesPerPage ? payload.at(-1)!.id : null } }
}

/** Returns a note about a contact. Throws `not_found`. */
export async function getNote(
  queries: Queries,
  { accountId }: Actor,
  contact_id: number,
  id: number,
): Promise<ContactNote> {
  const note = await store.findNote(queries, { account_id: accountId, contact_id, id })
  if (!note) throw notFound('note')
  return note
}

/** Writes a note about a contact. Throws `not_found` and `limit_reached`. */
export function createNote(
  database: Database,
  actor: Actor,
  contact_id: number,
  { content }: NewContactNote,
): Promise<ContactNote> {
  const { accountId: account_id, userId: author_id } = actor
  return database.transaction(account_id, async (tx) => {
    if (!(await contactExists(tx, account_id, contact_id))) throw notFound('contact')
    if ((await store.countNotes(tx, { account_id, contact_id })) >= mostNotes)
      throw new Refusal('limit_reached', `this contact has ${mostNotes} notes already: delete one first`)
    const id = await nextId(tx, account_id, 'contact_notes')
    const now = Date.now()
    await store.insertNote(tx, {
      ...{ account_id, id, contact_id, author_id, content, created_at: now, updated_at: now },
    })
    const note = await getNote(tx, actor, contact_id, id)
    await noteEvents.created(tx, actor, note)
    return note
  })
}

/** Changes a note. Throws `not_found`, and `forbidden` for that of another user. */
export function changeNote(
  database: Database,
  actor: Actor,
  contact_id: number,
  id: number,
  { content }: NewContactNote,
): Promise<ContactNote> {
  return database.transaction(actor.accountId, async (tx) => {
    const before = await getNote(tx, actor, contact_id, id)
    assertAuthorOrAdministrator(actor, before.user.id, 'a note')
    await store.updateNote(tx, { account_id: actor.accountId, contact_id, id }, content)
    const after = await getNote(tx, actor, contact_id, id)
    await noteEvents.updated(tx, actor, before, after)
    return after
  })
}

/** Deletes a note. Throws `not_found`, and `forbidden` for that of another user. */
export function removeNote(database: Database, actor: Actor, contact_id: number, id: number): Promise<void> {
  return database.transaction(actor.accountId, async (tx) => {
    const before = await getNote(tx, actor, contact_id, id)
    assertAuthorOrAdministrator(actor, before.user.id, 'a note')
    await store.deleteNote(tx, { account_id: actor.accountId, contact_id, id })
    await noteEvents.deleted(tx, actor, before)
  })
}

/** Makes the notes about one contact those about another, which it is merged into. */
export function moveNotes(tx: Queries, accountId: number, fromId: number, toId: number): Promise<void> {
  return store.updateContactOfNotes(tx, accountId, fromId, toId)
}
