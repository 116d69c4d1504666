import type { Readable } from 'node:stream'
import type { FastifyReply } from 'fastify'
import { Type } from 'typebox'
import type { Context } from '../../http/feature.ts'
import type { Server } from '../../http/server.ts'
import { id, listQuery, ref } from '../../lib/schema.ts'
import { Contact } from '../contacts/schema.ts'
import { eraseContact } from './erase.ts'
import { exportContact } from './export.ts'
import { mergeContacts } from './merge.ts'
import { ContactConversations, ContactExport, ContactMerge } from './schema.ts'
import { conversationsPerPage, listContactConversations } from './service.ts'

const tags = ['Contacts']
const account = { account_id: id() }
const one = Type.Object({ ...account, contact_id: id() })

/** The routes that list, export, merge and erase what belongs to a contact. */
export function privacyRoutes(app: Server, { database }: Context): void {
  app.addSchema(ContactExport)

  const list = {
    summary: 'List the conversations of a contact',
    description: `Only those in inboxes that the token’s user sees, latest activity first; ${conversationsPerPage} per page.`,
    tags,
    params: one,
    querystring: listQuery({ page: Type.Integer({ minimum: 1, maximum: 1_000_000, default: 1 }) }),
    response: { 200: ContactConversations },
  }
  app.get('/contacts/:contact_id/conversations', { schema: list }, ({ actor, params, query }) =>
    listContactConversations(database.longReads, actor, params.contact_id, query.page),
  )

  const everything = {
    summary: 'Export everything stored about a contact',
    description:
      'The contact with its inboxes, where it was last seen, and its conversations with all messages except private notes.',
    tags,
    params: one,
    response: { 200: ref(ContactExport) },
  }
  const onlyAdministrators = { administrator: true }
  app.get(
    '/contacts/:contact_id/export',
    { schema: everything, config: onlyAdministrators },
    async ({ actor, params }, reply) => {
      const stream = await exportContact(database.longReads, actor, params.contact_id)
      reply.header('content-disposition', `attachment; filename="contact-${params.contact_id}.json"`)
      return sendJson(reply, stream)
    },
  )

  const merge = {
    summary: 'Merge two contacts',
    description:
      'The base contact gets the conversations, inboxes and messages of the other one, and its fields and custom attributes as far as the base has none of its own. The other contact is deleted. An agent must be a member of every inbox that the two contacts are in (403).',
    tags,
    params: Type.Object(account),
    body: ContactMerge,
    response: { 200: ref(Contact) },
  }
  app.post('/actions/contact_merge', { schema: merge }, ({ actor, body }) =>
    mergeContacts(database, actor, body),
  )

  const erase = {
    summary: 'Erase a contact',
    description:
      'Erases the contact with its inboxes, conversations and messages, and all events about them. This cannot be undone. Older backups still contain the data.',
    tags,
    params: one,
    response: { 204: Type.Null({ description: 'Erased.' }) },
  }
  app.delete(
    '/contacts/:contact_id',
    { schema: erase, config: onlyAdministrators },
    async ({ actor, params }, reply) => {
      await eraseContact(database, actor, params.contact_id)
      reply.code(204)
      return null
    },
  )
}

/** Sends JSON that is already serialized in the shape of the schema. */
function sendJson(reply: FastifyReply, json: Readable): FastifyReply {
  return reply.type('application/json; charset=utf-8').send(json)
}
