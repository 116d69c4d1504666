import { Type } from 'typebox'
import type { Queries } from '../../db/database.ts'
import type { Context } from '../../http/feature.ts'
import { idempotencyHeaders, markReplay } from '../../http/idempotency.ts'
import { limiter, OpenLimit } from '../../http/limits.ts'
import type { Server } from '../../http/server.ts'
import { id, ref } from '../../lib/schema.ts'
import { acceptFiles } from '../attachments/service.ts'
import { EventHeaders, EventQuery } from '../realtime/schema.ts'
import { answerWithEvents, eventContent, readQuestion } from '../realtime/service.ts'
import { answer } from './answer.ts'
import { changeOwnContact, describeInbox, openContact, showOwnContact } from './identity.ts'
import { answersForPages, type Hook } from './pages.ts'
import {
  ClientAnswer,
  ClientContact,
  ClientContactChange,
  ClientConversation,
  ClientConversationEvent,
  ClientConversationGone,
  ClientInbox,
  ClientMessage,
  ClientMessageEvent,
  ClientMessagePage,
  ClientMessageQuery,
  ClientTyping,
  clientEventNames,
  NewClientContact,
  NewClientMessage,
  NewClientMessageForm,
} from './schema.ts'
import {
  assertOwnConversation,
  beginConversation,
  type Customer,
  customerOf,
  listOwnConversations,
  listOwnMessages,
  look,
  say,
} from './service.ts'
import { customerReader, tellWriting } from './stream.ts'

const eventSchemas = [ClientMessageEvent, ClientConversationEvent, ClientConversationGone]
// Of one contact, from wherever: as fast as nobody types.
const messagesPerMinute = 60
// At once: the tabs of a contact, the people of a house.
const streamsOfContact = 20
const streamsOfAddress = 200
const tags = ['Client']
const config = { public: true }
const base = '/public/api/v1/inboxes/:inbox_identifier'
const inbox = { inbox_identifier: Type.String() }
const contact = { ...inbox, source_id: Type.String() }
const conversation = Type.Object({ ...contact, conversation_id: id() })

/** The customer's side: who knows a `source_id` is that contact. */
export function clientRoutes(app: Server, context: Context): void {
  const schemas = [ClientInbox, ClientContact, ClientMessage, ClientConversation, ClientMessagePage]
  for (const schema of [...schemas, ...eventSchemas]) app.addSchema(schema)
  const onRequest = answersForPages(context)
  app.options('/public/api/v1/*', { schema: { hide: true }, config, onRequest }, async (_, reply) => {
    reply.headers({
      'access-control-allow-methods': 'GET, POST, PATCH',
      'access-control-allow-headers': 'content-type, idempotency-key, last-event-id',
      'access-control-max-age': '86400',
    })
    return reply.code(204).send()
  })
  contactRoutes(app, context, onRequest)
  conversationRoutes(app, context, onRequest)
  app.register(async (scope) => sayingRoute(scope as never, context, onRequest))
  presentRoutes(app, context, onRequest)
}

/** Whose path it is. Throws `not_found`. */
function customerIn(queries: Queries, params: { inbox_identifier: string; source_id: string }) {
  return customerOf(queries, params.inbox_identifier, params.source_id)
}

function contactRoutes(app: Server, { database }: Context, onRequest: Hook): void {
  const options = { config, onRequest }
  const describe = {
    summary: 'Get what a page shows of an inbox',
    tags,
    params: Type.Object(inbox),
    response: { 200: ref(ClientInbox) },
  }
  app.get(base, { ...options, schema: describe }, ({ params }) =>
    describeInbox(database.read, params.inbox_identifier),
  )

  const open = {
    summary: 'Start as a contact',
    description:
      'A new contact; or with an `identity_token`, or an `identifier` and its `identifier_hash`, the one that has it. The answer has the `source_id` that opens everything else, this once.',
    tags,
    params: Type.Object(inbox),
    body: NewClientContact,
    response: { 200: ref(ClientContact) },
  }
  app.post(`${base}/contacts`, { ...options, schema: open }, ({ params, body }) =>
    openContact(database, params.inbox_identifier, body),
  )

  const shape = { tags, params: Type.Object(contact), response: { 200: ref(ClientContact) } }
  const path = `${base}/contacts/:source_id`
  app.get(path, { ...options, schema: { summary: 'Get oneself', ...shape } }, async ({ params }) =>
    showOwnContact(database.read, await customerIn(database.read, params)),
  )
  const change = { summary: 'Change oneself', body: ClientContactChange, ...shape }
  app.patch(path, { ...options, schema: change }, async ({ params, body }) =>
    changeOwnContact(database, await customerIn(database.read, params), body),
  )
}

function conversationRoutes(app: Server, { database }: Context, onRequest: Hook): void {
  const options = { config, onRequest }
  const path = `${base}/contacts/:source_id/conversations`

  const list = {
    summary: 'List one’s own conversations',
    description: 'The latest 100 in this inbox.',
    tags,
    params: Type.Object(contact),
    response: { 200: Type.Object({ payload: Type.Array(ref(ClientConversation)) }) },
  }
  app.get(path, { ...options, schema: list }, async ({ params }) => ({
    payload: await listOwnConversations(database.read, await customerIn(database.read, params)),
  }))

  const begin = {
    summary: 'Start a conversation',
    tags,
    params: Type.Object(contact),
    response: { 201: ref(ClientConversation) },
  }
  app.post(path, { ...options, schema: begin }, async ({ params }, reply) => {
    reply.code(201)
    return beginConversation(database, await customerIn(database.read, params))
  })

  const listing = {
    summary: 'List what was said',
    description: 'The latest messages, or those next to a cursor. Deleted ones are left out.',
    tags,
    params: conversation,
    querystring: ClientMessageQuery,
    response: { 200: ref(ClientMessagePage) },
  }
  app.get(`${path}/:conversation_id/messages`, { ...options, schema: listing }, async ({ params, query }) =>
    listOwnMessages(database.read, await customerIn(database.read, params), params.conversation_id, query),
  )

  const answering = {
    summary: 'Answer an interactive message',
    description: 'Once: 409 where it was answered.',
    tags,
    params: Type.Object({ ...contact, conversation_id: id(), message_id: id() }),
    body: ClientAnswer,
    response: { 200: ref(ClientMessage) },
  }
  app.patch(
    `${path}/:conversation_id/messages/:message_id`,
    { ...options, schema: answering },
    async ({ params, body }) =>
      answer(
        database,
        await customerIn(database.read, params),
        params.conversation_id,
        params.message_id,
        body,
      ),
  )
}

/** A scope of its own: it takes forms with files. */
function sayingRoute(app: Server, context: Context, onRequest: Hook): void {
  acceptFiles(app, context)
  const limit = limiter(
    app as never,
    messagesPerMinute,
    ({ params }) => (params as { source_id: string }).source_id,
  )
  const { database } = context
  const customers = new WeakMap<object, Customer>()
  const sending = {
    summary: 'Say something',
    description: 'As JSON, or as a form, which may come with files.',
    tags,
    params: conversation,
    headers: idempotencyHeaders,
    body: {
      content: {
        'application/json': { schema: NewClientMessage },
        'multipart/form-data': { schema: NewClientMessageForm },
      },
    },
    response: { 200: ref(ClientMessage), 201: ref(ClientMessage) },
  }
  app.post(
    `${base}/contacts/:source_id/conversations/:conversation_id/messages`,
    {
      config,
      onRequest,
      schema: sending,
      // Before the body is read: whose files they would be is known, or none are taken.
      preParsing: async (request, _, payload) => {
        customers.set(request, await customerIn(database.read, request.params))
        await limit(request)
        return payload
      },
    },
    async (request, reply) => {
      const { params, body, headers, upload } = request
      const customer = customers.get(request)!
      const key = headers['idempotency-key'] ?? null
      const said = body as NewClientMessage
      const { message, replayed } = await say(database, customer, params.conversation_id, said, key, upload)
      markReplay(reply, replayed)
      return message
    },
  )
}

/** What both sides know of each other while they talk. */
function presentRoutes(app: Server, context: Context, onRequest: Hook): void {
  const options = { config, onRequest }
  const { read } = context.database
  const path = `${base}/contacts/:source_id`
  const ofContact = new OpenLimit(streamsOfContact)
  const ofAddress = new OpenLimit(streamsOfAddress)

  const hearing = {
    summary: 'Hear what happens in one’s own conversations',
    description:
      'A stream of Server-Sent Events, or with `Accept: application/json` a page of them, by the rules of docs/realtime.md. \
`typing` has no id.',
    tags,
    params: Type.Object(contact),
    querystring: EventQuery,
    headers: EventHeaders,
    response: { 200: { description: 'Events.', content: eventContent(eventSchemas) } },
  }
  app.get(
    `${path}/events`,
    { ...options, schema: hearing, exposeHeadRoute: false },
    async (request, reply) => {
      const { params, query, headers } = request
      const question = readQuestion(clientEventNames, query, headers)
      const customer = await customerIn(read, params)
      const reader = customerReader(read, params.inbox_identifier, customer)
      if (query.conversation_id !== undefined) {
        await assertOwnConversation(read, customer, query.conversation_id)
      }
      if (context.config.rateLimit !== null) {
        ofContact.count(customer.source_id, reply)
        ofAddress.count(request.ip, reply)
      }
      return answerWithEvents(context, reader, question, request, reply)
    },
  )

  const seeing = {
    summary: 'Tell that all was read',
    description: 'What agents wrote in the conversation becomes `read`.',
    tags,
    params: conversation,
    response: { 200: ref(ClientConversation) },
  }
  const one = `${path}/conversations/:conversation_id`
  app.post(`${one}/update_last_seen`, { ...options, schema: seeing }, async ({ params }) =>
    look(context.database, await customerIn(read, params), params.conversation_id),
  )

  const writing = {
    summary: 'Tell that one writes',
    description: 'Agents hear of it as `event: typing` with a `contact`. It is not stored.',
    tags,
    params: conversation,
    body: ClientTyping,
    response: { 204: Type.Null({ description: 'Told.' }) },
  }
  app.post(`${one}/toggle_typing`, { ...options, schema: writing }, async ({ params, body }, reply) => {
    const customer = await customerIn(read, params)
    await tellWriting(context, customer, params.conversation_id, body.typing_status)
    return reply.code(204).send(null)
  })
}
