import type { Readable } from 'node:stream'
import type { FastifyReply } from 'fastify'
import { Type } from 'typebox'
import type { Context } from '../../http/feature.ts'
import { idempotencyHeaders, markReplay } from '../../http/idempotency.ts'
import type { Server } from '../../http/server.ts'
import { id, ref } from '../../lib/schema.ts'
import { acceptFilesInConversation } from '../attachments/conversation-files.ts'
import { change, erase } from './change.ts'
import { conversationRoute } from './conversation-route.ts'
import { createPageCache, listMessages } from './list.ts'
import { Message, MessageChange, MessagePage, MessageQuery, NewMessage, NewMessageForm } from './schema.ts'
import { get, post } from './service.ts'

const tags = ['Messages']
const conversation = {
  account_id: id(),
  conversation_id: id('The number of the conversation in its account.'),
}
const one = Type.Object({ ...conversation, message_id: id() })
const base = '/conversations/:conversation_id/messages'

export function messageRoutes(app: Server, context: Context): void {
  const { database } = context
  app.addSchema(Message)
  app.addSchema(MessagePage)
  const pageCache = createPageCache()

  const listing = {
    summary: 'List messages',
    description: 'Returns all messages of the conversation, or a page of them, oldest first.',
    tags,
    params: Type.Object(conversation),
    querystring: MessageQuery,
    response: { 200: ref(MessagePage) },
  }
  app.get(base, { schema: listing }, async (request, reply) => {
    const { actor, params, query } = request
    const page = await listMessages(pageCache, database.read, actor, params.conversation_id, query)
    return sendJson(reply, page)
  })

  app.register(async (scope) => sendingRoute(scope as never, context))
  app.register(async (scope) => conversationRoute(scope as never, context))

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
    description: 'Its content is erased; a tombstone remains.',
    tags,
    params: one,
    response: { 200: ref(Message) },
  }
  app.delete(`${base}/:message_id`, { schema: deleting }, async ({ params, actor }, reply) => {
    return sendJson(reply, await erase(database, actor, params.conversation_id, params.message_id))
  })
}

function sendingRoute(app: Server, context: Context): void {
  const { database } = context
  acceptFilesInConversation(app, context)
  const sending = {
    summary: 'Send a message',
    description: 'As JSON, or as a form, which can contain files.',
    tags,
    params: Type.Object(conversation),
    headers: idempotencyHeaders,
    body: {
      content: {
        'application/json': { schema: NewMessage },
        'application/x-www-form-urlencoded': { schema: NewMessage },
        'multipart/form-data': { schema: NewMessageForm },
      },
    },
    response: { 200: ref(Message), 201: ref(Message) },
  }
  app.post(base, { schema: sending }, async (request, reply) => {
    const { params, headers, actor, upload } = request
    const body = request.body as NewMessage
    const key = headers['idempotency-key'] ?? null
    const { document, replayed } = await post(database, actor, params.conversation_id, body, key, upload)
    markReplay(reply, replayed)
    return sendJson(reply, document)
  })
}

/** Sends JSON that the database has built in the shape of the schema. */
function sendJson(reply: FastifyReply, json: string | Buffer | Readable): FastifyReply {
  return reply.type('application/json; charset=utf-8').send(json)
}
