import { Type } from 'typebox'
import type { Context } from '../../../http/feature.ts'
import type { Server } from '../../../http/server.ts'
import { id } from '../../../lib/schema.ts'
import { type ContactNote, NewContactNote } from '../../contact-notes/schema.ts'
import { changeNote, createNote, getNote, listNotes, removeNote } from '../../contact-notes/service.ts'
import { accountPath, reading } from './scope.ts'

const params = Type.Object({ account_id: id(), contact_id: id() })
const one = Type.Object({ account_id: id(), contact_id: id(), note_id: id() })
const base = `${accountPath}/contacts/:contact_id/notes`
const path = `${base}/:note_id`

/** Notes about contacts. */
export function noteRoutes(app: Server, { database }: Context): void {
  const body = reading((parameters) => ({ content: parameters.text('content') }), 'note')

  // The newest ones: Chatwoot has no pages here.
  app.get(base, { schema: { params } }, async ({ actor, params }) => {
    const { payload } = await listNotes(database.read, actor, params.contact_id, {})
    return payload.map((note) => toNote(note, actor.accountId))
  })
  app.get(path, { schema: { params: one } }, async ({ actor, params }) =>
    toNote(await getNote(database.read, actor, params.contact_id, params.note_id), actor.accountId),
  )
  app.post(base, { schema: { params, body: NewContactNote }, ...body }, async ({ actor, params, body }) =>
    toNote(await createNote(database, actor, params.contact_id, body), actor.accountId),
  )
  app.route({
    method: ['PATCH', 'PUT'],
    url: path,
    schema: { params: one, body: NewContactNote },
    ...body,
    handler: async ({ actor, params, body }) => {
      const changed = await changeNote(database, actor, params.contact_id, params.note_id, body)
      return toNote(changed, actor.accountId)
    },
  })
  app.delete(path, { schema: { params: one } }, async ({ actor, params }, reply) => {
    await removeNote(database, actor, params.contact_id, params.note_id)
    return reply.send()
  })
}

function toNote({ created_at, updated_at, ...note }: ContactNote, accountId: number) {
  return { ...note, account_id: accountId, created_at, updated_at }
}
