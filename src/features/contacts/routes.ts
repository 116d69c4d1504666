import { Type } from 'typebox'
import type { Database } from '../../db/database.ts'
import type { Server } from '../../http/server.ts'
import { id, ref } from '../../lib/schema.ts'
import { Contact, ContactQuery, NewContact } from './schema.ts'
import { contactsPerPage, createContact, getContact, listContacts } from './service.ts'

const tags = ['Contacts']
const account = { account_id: id() }

export function contactRoutes(app: Server, database: Database): void {
  app.addSchema(Contact)

  const list = {
    summary: 'List contacts',
    description: `${contactsPerPage} a page.`,
    tags,
    params: Type.Object(account),
    querystring: ContactQuery,
    response: {
      200: Type.Object({
        payload: Type.Array(ref(Contact)),
        meta: Type.Object({
          count: Type.Integer(),
          current_page: Type.Integer(),
          total_pages: Type.Integer(),
        }),
      }),
    },
  }
  app.get('/contacts', { schema: list }, (request) =>
    listContacts(database.read, request.actor, request.query),
  )

  const create = {
    summary: 'Create a contact',
    tags,
    params: Type.Object(account),
    body: NewContact,
    response: { 201: ref(Contact) },
  }
  app.post('/contacts', { schema: create }, async (request, reply) => {
    reply.code(201)
    return createContact(database, request.actor, request.body)
  })

  const get = {
    summary: 'Get a contact',
    tags,
    params: Type.Object({ ...account, contact_id: id() }),
    response: { 200: ref(Contact) },
  }
  app.get('/contacts/:contact_id', { schema: get }, (request) =>
    getContact(database.read, request.actor, request.params.contact_id),
  )
}
