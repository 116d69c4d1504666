import { Type } from 'typebox'
import type { Context } from '../../http/feature.ts'
import type { Server } from '../../http/server.ts'
import { id, ref } from '../../lib/schema.ts'
import { ContactNote, ContactNoteMeta, ContactNoteQuery, NewContactNote, notesPerPage } from './schema.ts'
import { changeNote, createNote, getNote, listNotes, removeNote } from './service.ts'

const tags = ['Contacts']
const params = Type.Object({ account_id: id(), contact_id: id() })
const one = Type.Object({ account_id: id(), contact_id: id(), note_id: id() })
const base = '/contacts/:contact_id/notes'
const path = `${base}/:note_id`

export function contactNoteRoutes(app: Server, { database }: Context): void {
  app.addSchema(ContactNote)

  const list = {
    summary: 'List the notes about a contact',
    description: `Newest first, ${notesPerPage} per page.`,
    tags,
    params,
    querystring: ContactNoteQuery,
    response: { 200: Type.Object({ payload: Type.Array(ref(ContactNote)), meta: ContactNoteMeta }) },
  }
  app.get(base, { schema: list }, ({ actor, params, query }) =>
    listNotes(database.read, actor, params.contact_id, query),
  )

  const create = {
    summary: 'Write a note about a contact',
    description: 'Every agent of the account can read it, and contacts never can.',
    tags,
    params,
    body: NewContactNote,
    response: { 201: ref(ContactNote) },
  }
  app.post(base, { schema: create }, async ({ actor, params, body }, reply) => {
    reply.code(201)
    return createNote(database, actor, params.contact_id, body)
  })

  const get = {
    summary: 'Get a note about a contact',
    tags,
    params: one,
    response: { 200: ref(ContactNote) },
  }
  app.get(path, { schema: get }, ({ actor, params }) =>
    getNote(database.read, actor, params.contact_id, params.note_id),
  )

  const change = {
    summary: 'Change a note about a contact',
    description: 'Its author and administrators may.',
    tags,
    params: one,
    body: NewContactNote,
    response: { 200: ref(ContactNote) },
  }
  app.patch(path, { schema: change }, ({ actor, params, body }) =>
    changeNote(database, actor, params.contact_id, params.note_id, body),
  )

  const remove = {
    summary: 'Delete a note about a contact',
    description: 'Its author and administrators may.',
    tags,
    params: one,
    response: { 204: Type.Null({ description: 'The note is deleted.' }) },
  }
  app.delete(path, { schema: remove }, async ({ actor, params }, reply) => {
    await removeNote(database, actor, params.contact_id, params.note_id)
    reply.code(204)
    return null
  })
}
