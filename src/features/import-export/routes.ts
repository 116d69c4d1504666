import { Type } from 'typebox'
import type { Context } from '../../http/feature.ts'
import type { Server } from '../../http/server.ts'
import { id, listQuery } from '../../lib/schema.ts'
import { exportContacts, importContacts } from './contact-requests.ts'
import { ContactBatch, ContactBatchResult } from './schema.ts'

const tags = ['Contacts']
const params = Type.Object({ account_id: id() })
const config = { administrator: true }

export function importExportRoutes(app: Server, { database }: Context): void {
  const batch = {
    summary: 'Import contacts',
    description:
      'Up to 200 in one transaction. One that exists, by its e-mail address, phone number, identifier or name at an inbox, does not change: a batch can be sent again. Unlike contacts that are created one by one, they are not events.',
    tags,
    params,
    body: ContactBatch,
    response: { 200: ContactBatchResult },
  }
  app.post('/contacts/imports', { schema: batch, config }, ({ actor, body }) =>
    importContacts(database, actor, body),
  )

  const all = {
    summary: 'Export all contacts',
    description:
      'As CSV for spreadsheets: a value that they would take for a formula begins with an apostrophe.',
    tags,
    params,
    querystring: listQuery(),
    response: {
      200: { description: 'CSV.', content: { 'text/csv': { schema: Type.String() } } },
    },
  }
  app.get('/contacts/export', { schema: all, config }, ({ actor }, reply) => {
    reply.header('content-disposition', 'attachment; filename="contacts.csv"').type('text/csv; charset=utf-8')
    return reply.send(exportContacts(database.longReads, actor) as never) as never
  })
}
