import { Type } from 'typebox'
import type { Database } from '../../db/database.ts'
import type { Context } from '../../http/feature.ts'
import type { Server } from '../../http/server.ts'
import { id, listQuery, ref } from '../../lib/schema.ts'
import { FilterBody } from '../filters/schema.ts'
import { addContactInbox, changeContact, rotateSourceId } from './change.ts'
import { listContactableInboxes } from './contactable.ts'
import { filterContacts } from './filter.ts'
import { setContactLabels } from './labels.ts'
import { contactsPerPage, listContacts, listContactsOfCompany, searchContacts } from './list.ts'
import {
  CompanyContactMeta,
  CompanyContactQuery,
  Contact,
  ContactChange,
  ContactFilterMeta,
  ContactFilterQuery,
  ContactInbox,
  ContactLabelling,
  ContactPage,
  ContactQuery,
  ContactSearch,
  NewContact,
  NewContactInbox,
  RotatedContactInbox,
} from './schema.ts'
import { createContact, getContact } from './service.ts'

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

  const filter = {
    summary: 'Filter contacts',
    description:
      'Newest first, or in the order of `sort`. A filter looks through all of them for a limited time; `timed_out` is true if the time limit was reached, and `before_id`, or `next` with `sort`, continues.',
    tags,
    params: Type.Object(account),
    querystring: ContactFilterQuery,
    body: FilterBody,
    response: { 200: Type.Object({ payload: Type.Array(ref(Contact)), meta: ContactFilterMeta }) },
  }
  app.post('/contacts/filter', { schema: filter, config: { readsOnly: true } }, ({ actor, body, query }) =>
    filterContacts(database.longReads, actor, body, query),
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

  const contactable = {
    summary: 'List the inboxes in which a contact can be written to',
    description:
      'Of the inboxes that you see: those that the contact is in, with its name there or null, and those with the channel `api`.',
    tags,
    params: one,
    querystring: listQuery(),
    response: { 200: Type.Object({ payload: Type.Array(ref(ContactInbox)) }) },
  }
  app.get(
    '/contacts/:contact_id/contactable_inboxes',
    { schema: contactable },
    async ({ actor, params }) => ({
      payload: await listContactableInboxes(database.read, actor, params.contact_id),
    }),
  )

  labelRoutes(app, database)

  const ofCompany = {
    summary: 'List the contacts of a company',
    description: `Newest first, ${contactsPerPage} per page.`,
    tags: ['Companies'],
    params: Type.Object({ ...account, company_id: id() }),
    querystring: CompanyContactQuery,
    response: { 200: Type.Object({ payload: Type.Array(ref(Contact)), meta: CompanyContactMeta }) },
  }
  app.get('/companies/:company_id/contacts', { schema: ofCompany }, ({ actor, params, query }) =>
    listContactsOfCompany(database.read, actor, params.company_id, query),
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

function labelRoutes(app: Server, database: Database): void {
  const shape = { tags, params: one, response: { 200: Type.Object({ payload: Type.Array(Type.String()) }) } }
  const path = '/contacts/:contact_id/labels'

  const list = { summary: 'List the labels of a contact', querystring: listQuery(), ...shape }
  app.get(path, { schema: list }, async ({ actor, params }) => ({
    payload: (await getContact(database.read, actor, params.contact_id)).labels,
  }))

  const set = {
    summary: 'Set the labels of a contact',
    description: 'Replaces all of its labels.',
    body: ContactLabelling,
    ...shape,
  }
  app.post(path, { schema: set }, async ({ actor, params, body }) => ({
    payload: (await setContactLabels(database, actor, params.contact_id, body.labels)).labels,
  }))
}
