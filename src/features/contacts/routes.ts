import { Type } from 'typebox'
import type { Context } from '../../http/feature.ts'
import type { Server } from '../../http/server.ts'
import { id, ref } from '../../lib/schema.ts'
import { addContactInbox, changeContact, rotateSourceId } from './change.ts'
import {
  Contact,
  ContactChange,
  ContactInbox,
  ContactPage,
  ContactQuery,
  ContactSearch,
  NewContact,
  NewContactInbox,
  RotatedContactInbox,
} from './schema.ts'
import { contactsPerPage, createContact, getContact, listContacts, searchContacts } from './service.ts'

const tags = ['Contacts']
const account = { account_id: id() }
const one = Type.Object({ ...account, contact_id: id() })

/** The routes of contacts, under an account. */
export function contactRoutes(app: Server, { database }: Context): void {
  for (const schema of [ContactInbox, Contact, ContactPage]) app.addSchema(schema)

  const list = {
    summary: 'List contacts',
    description: `${contactsPerPage} per page.`,
    tags,
    params: Type.Object(account),
    querystring: ContactQuery,
    response: { 200: ref(ContactPage) },
  }
  app.get('/contacts', { schema: list }, (request) =>
    listContacts(database.longReads, request.actor, request.query),
  )

  const search = {
    summary: 'Search contacts',
    description: `${contactsPerPage} per page. If very many match, the newest 1,000 of them.`,
    tags,
    params: Type.Object(account),
    querystring: ContactSearch,
    response: { 200: ref(ContactPage) },
  }
  app.get('/contacts/search', { schema: search }, ({ actor, query }) =>
    searchContacts(database.longReads, actor, query),
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
    params: one,
    response: { 200: ref(Contact) },
  }
  app.get('/contacts/:contact_id', { schema: get }, (request) =>
    getContact(database.read, request.actor, request.params.contact_id),
  )

  const change = {
    summary: 'Change a contact',
    description:
      'An agent who is not a member of every inbox that the contact is in may not change `identifier`, `email`, `phone_number` or `blocked` (403).',
    tags,
    params: one,
    body: ContactChange,
    response: { 200: ref(Contact) },
  }
  app.route({
    method: ['PATCH', 'PUT'],
    url: '/contacts/:contact_id',
    schema: change,
    handler: ({ actor, params, body }) => changeContact(database, actor, params.contact_id, body),
  })

  const open = {
    summary: 'Add a contact to an inbox',
    description:
      'Returns 201 with the contact’s new name or secret at the inbox. If it already has one, returns 200 with its name, or with null if it is a secret: rotate it if it is lost.',
    tags,
    params: one,
    body: NewContactInbox,
    response: { 200: ref(ContactInbox), 201: ref(ContactInbox) },
  }
  app.post(
    '/contacts/:contact_id/contact_inboxes',
    { schema: open },
    async ({ actor, params, body }, reply) => {
      const { contactInbox, isNew } = await addContactInbox(database, actor, params.contact_id, body)
      reply.code(isNew ? 201 : 200)
      return contactInbox
    },
  )

  const rotate = {
    summary: 'Rotate the secret of a contact at an inbox',
    description:
      'Revokes every secret `source_id` of the contact at the inbox, ends the streams opened with them, and returns a new one.',
    tags,
    params: one,
    body: RotatedContactInbox,
    response: { 200: ref(ContactInbox) },
  }
  app.post(
    '/contacts/:contact_id/contact_inboxes/rotate_source_id',
    { schema: rotate, config: { administrator: true } },
    ({ actor, params, body }) => rotateSourceId(database, actor, params.contact_id, body.inbox_id),
  )
}
