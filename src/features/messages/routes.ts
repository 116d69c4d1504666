import type { Readable } from 'node:stream'
import type { FastifyReply } from 'fastify'
import { Type } from 'typebox'
import type { Database } from '../../db/database.ts'
import type { Server } from '../../http/server.ts'
import { id, ref } from '../../lib/schema.ts'
import { keptPages } from './list.ts'
import { Message, MessageChange, MessagePage, MessageQuery, NewMessage } from './schema.ts'
import { change, erase, get, list, post } from './service.ts'

const tags = ['Messages']
const conversation = {
  account_id: id(),
  conversation_id: id('The number of the conversation in its account.'),
}
const one = Type.Object({ ...conversation, message_id: id() })
const base = '/conversations/:conversation_id/messages'

export function messageRoutes(app: Server, database: Database): void {
  app.addSchema(Message)
  app.addSchema(MessagePage)
  const kept = keptPages()

  const listing = {
    summary: 'List messages',
    description: 'All messages of the conversation, oldest first; or a page of them.',
    tags,
    params: Type.Object(conversation),
    querystring: MessageQuery,
    response: { 200: ref(MessagePage) },
  }
  app.get(base, { schema: listing }, async (request, reply) => {
    const page = await list(kept, database.read, request.actor, request.params.conversation_id, request.query)
    return sendJson(reply, page)
  })

  const sending = {
    summary: 'Send a message',
    tags,
    params: Type.Object(conversation),
    headers: Type.Object({
      'idempotency-key': Type.Optional(
        Type.String({
          minLength: 1,
          maxLength: 255,
          description:
            'Repeating a request with the same key and body sends nothing twice: the first answer comes again.',
        }),
      ),
    }),
    body: NewMessage,
    response: { 200: ref(Message), 201: ref(Message) },
  }
  app.post(base, { schema: sending }, async (request, reply) => {
    const { params, body, headers, actor } = request
    const key = headers['idempotency-key'] ?? null
    const { document, replayed } = await post(database, actor, params.conversation_id, body, key)
    if (replayed) reply.header('idempotent-replayed', 'true')
    reply.code(replayed ? 200 : 201)
    return sendJson(reply, document)
  })

  const getting = {
    summary: 'Get a message',
    tags,
    params: one,
    querystring: Type.Object({ include_deleted: Type.Boolean({ default: false }) }),
    response: { 200: ref(Message) },
  }
  app.get(`${base}/:message_id`, { schema: getting }, async ({ params, query, actor }, reply) => {
    const { conversation_id, message_id } = params
    return sendJson(
      reply,
      await get(database.read, actor, conversation_id, message_id, query.include_deleted),
    )
  })

  const changing = {
    summary: 'Edit a message or report its delivery',
    tags,
    params: one,
    body: MessageChange,
    response: { 200: ref(Message) },
  }
  app.patch(`${base}/:message_id`, { schema: changing }, async ({ params, body, actor }, reply) => {
    return sendJson(reply, await change(database, actor, params.conversation_id, params.message_id, body))
  })

  const deleting = {
    summary: 'Delete a message',
    description: 'The content is erased; the tombstone stays.',
    tags,
    params: one,
    response: { 200: ref(Message) },
  }
  app.delete(`${base}/:message_id`, { schema: deleting }, async ({ params, actor }, reply) => {
    return sendJson(reply, await erase(database, actor, params.conversation_id, params.message_id))
  })
}

/** The database has written the JSON already, in the shape of the schema. */
function sendJson(reply: FastifyReply, json: string | Buffer | Readable): FastifyReply {
  return reply.type('application/json; charset=utf-8').send(json)
}
