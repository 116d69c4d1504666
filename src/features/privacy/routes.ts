import type { Readable } from 'node:stream'
import type { FastifyReply } from 'fastify'
import { Type } from 'typebox'
import type { Context } from '../../http/feature.ts'
import type { Server } from '../../http/server.ts'
import { id, ref } from '../../lib/schema.ts'
import { Contact } from '../contacts/schema.ts'
import { eraseContact } from './erase.ts'
import { exportContact } from './export.ts'
import { mergeContacts } from './merge.ts'
import { ContactExport, ConversationsOfContact, Merge } from './schema.ts'
import { conversationsPerPage, listConversationsOf } from './service.ts'

const tags = ['Contacts']
const account = { account_id: id() }
const one = Type.Object({ ...account, contact_id: id() })

export function recordRoutes(app: Server, { database }: Context): void {
  app.addSchema(ContactExport)

  const list = {
    summary: 'List the conversations of a contact',
    description: `Those in the inboxes that the token’s user works in, the latest first; ${conversationsPerPage} a page.`,
    tags,
    params: one,
    querystring: Type.Object({ page: Type.Integer({ minimum: 1, maximum: 1_000_000, default: 1 }) }),
    response: { 200: ConversationsOfContact },
  }
  app.get('/contacts/:contact_id/conversations', { schema: list }, ({ actor, params, query }) =>
    listConversationsOf(database.read, actor, params.contact_id, query.page),
  )

  const everything = {
    summary: 'Export what is kept about a contact',
    description:
      'The contact with its inboxes, and its conversations with all messages that it sent or was sent; not the notes that agents wrote among themselves.',
    tags,
    params: one,
    response: { 200: ref(ContactExport) },
  }
  const onlyAdministrators = { administrator: true }
  app.get(
    '/contacts/:contact_id/export',
    { schema: everything, config: onlyAdministrators },
    async ({ actor, params }, reply) => {
      const stream = await exportContact(database.read, actor, params.contact_id)
      reply.header('content-disposition', `attachment; filename="contact-${params.contact_id}.json"`)
      return sendJson(reply, stream)
    },
  )

  const merge = {
    summary: 'Merge two contacts',
    description:
      'The base gets the conversations, inboxes and messages of the other one, its fields where its own are empty, and its custom attributes where it has none of that name. An agent must be a member of every inbox that the two contacts are in (403).',
    tags,
    params: Type.Object(account),
    body: Merge,
    response: { 200: ref(Contact) },
  }
  app.post('/actions/contact_merge', { schema: merge }, ({ actor, body }) =>
    mergeContacts(database, actor, body),
  )

  const erase = {
    summary: 'Erase a contact',
    description:
      'With its inboxes, conversations and messages, and what the log of events tells of them. It cannot be undone; older backups keep their copy.',
    tags,
    params: one,
    response: { 204: Type.Null({ description: 'It is gone.' }) },
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

/** The JSON is written already, in the shape of the schema. */
function sendJson(reply: FastifyReply, json: Readable): FastifyReply {
  return reply.type('application/json; charset=utf-8').send(json)
}
