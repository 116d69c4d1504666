import { Type } from 'typebox'
import type { Context } from '../../http/feature.ts'
import type { Server } from '../../http/server.ts'
import { id, listQuery, ref } from '../../lib/schema.ts'
import { acceptFiles } from '../attachments/service.ts'
import { ContactImport, largestFile, NewContactImport } from './schema.ts'
import {
  getContactImport,
  listContactImports,
  refusedLines,
  startContactImport,
  stopContactImport,
} from './service.ts'

const tags = ['Contacts']
const account = { account_id: id() }
const one = Type.Object({ ...account, contact_import_id: id() })
const config = { administrator: true }
const path = '/contact_imports/:contact_import_id'

export function contactImportRoutes(app: Server, context: Context): void {
  const { database, files } = context
  app.addSchema(ContactImport)
  app.register(async (scope) => startRoute(scope as never, context))

  const list = {
    summary: 'List imports of contacts',
    description: 'The latest ones. They are kept for a week after their end.',
    tags,
    params: Type.Object(account),
    response: { 200: Type.Object({ payload: Type.Array(ref(ContactImport)) }) },
  }
  app.get('/contact_imports', { schema: list, config }, async ({ actor }) => ({
    payload: await listContactImports(database.read, actor),
  }))

  const get = {
    summary: 'Get an import of contacts',
    description: 'With its progress.',
    tags,
    params: one,
    response: { 200: ref(ContactImport) },
  }
  app.get(path, { schema: get, config }, ({ actor, params }) =>
    getContactImport(database.read, actor, params.contact_import_id),
  )

  const stop = {
    summary: 'Stop an import of contacts',
    description: 'What it has stored stays. One that has ended is not changed.',
    tags,
    params: one,
    response: { 200: ref(ContactImport) },
  }
  app.post(`${path}/stop`, { schema: stop, config }, ({ actor, params }) =>
    stopContactImport(database, actor, params.contact_import_id),
  )

  const refused = {
    summary: 'Get the refused lines of an import',
    description:
      'As CSV, as they are in the file, with what is wrong in the column `error`: the first 10,000.',
    tags,
    params: one,
    querystring: listQuery(),
    response: {
      200: { description: 'CSV.', content: { 'text/csv': { schema: Type.String() } } },
    },
  }
  app.get(`${path}/refused`, { schema: refused, config }, async ({ actor, params }, reply) => {
    const lines = await refusedLines(database.read, files, actor, params.contact_import_id)
    reply.header('content-disposition', 'attachment; filename="refused-contacts.csv"')
    return reply.type('text/csv; charset=utf-8').send(lines as never) as never
  })
}

function startRoute(app: Server, context: Context): void {
  const { database, files } = context
  acceptFiles(app, context, { largest: largestFile })

  const start = {
    summary: 'Import a file of contacts',
    description:
      'In the background. The columns are those of an export. A contact that exists, by its e-mail address, phone number, identifier or name at an inbox, does not change. Contacts that are imported are not events.',
    tags,
    params: Type.Object(account),
    body: { content: { 'multipart/form-data': { schema: NewContactImport } } },
    response: { 201: ref(ContactImport) },
  }
  app.post('/contact_imports', { schema: start, config }, async ({ actor, body, upload }, reply) => {
    reply.code(201)
    return startContactImport(database, files, actor, body as NewContactImport, upload)
  })
}
