import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Context } from '../../http/feature.ts'
import { idempotencyHeaders, markReplay } from '../../http/idempotency.ts'
import { limiter, OpenLimit } from '../../http/limits.ts'
import type { Server } from '../../http/server.ts'
import { networkOf } from '../../lib/addresses.ts'
import { id, parseId, ref } from '../../lib/schema.ts'
import { acceptFiles } from '../attachments/service.ts'
import { EventHeaders, EventQuery } from '../realtime/schema.ts'
import { eventContent, parseEventRequest, sendEvents } from '../realtime/service.ts'
import { admitCustomers, contactKey, dailyFiles, inboxKey, networkKey } from './admission.ts'
import { answer } from './answer.ts'
import { changeOwnContact, describeInbox, openContact, showOwnContact } from './identity.ts'
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
  listOwnConversations,
  listOwnMessages,
  look,
  say,
} from './service.ts'
import { customerReader, tellWriting } from './stream.ts'

const eventSchemas = [ClientMessageEvent, ClientConversationEvent, ClientConversationGone]
// Of one contact, from any network: faster than anybody types.
const messagesPerMinute = 60
const conversationsPerMinute = 10
// New contacts of one network at one inbox, and of all networks at it.
const contactsPerMinute = 20
const contactsOfInboxPerMinute = 600
// Open at once: the tabs of one contact, the people in one building.
const streamsOfContact = 20
const streamsOfNetwork = 200
const tags = ['Client']
const config = { public: true }
const base = '/public/api/v1/inboxes/:inbox_identifier'
const inbox = { inbox_identifier: Type.String() }
const contact = { ...inbox, source_id: Type.String() }
const conversation = Type.Object({ ...contact, conversation_id: id() })

/** The customer's side: whoever knows a `source_id` is that contact. */
export function clientRoutes(app: Server, context: Context): void {
  const schemas = [ClientInbox, ClientContact, ClientMessage, ClientConversation, ClientMessagePage]
  for (const schema of [...schemas, ...eventSchemas]) app.addSchema(schema)
  app.register(async (scope) => {
    const routes = scope as never as Server
    admitCustomers(routes, context)
    preflightRoute(routes)
    contactRoutes(routes, context)
    conversationRoutes(routes, context)
    presentRoutes(routes, context)
    routes.register(async (forms) => sayingRoute(forms as never, context))
  })
}

function preflightRoute(app: Server): void {
  app.options('/public/api/v1/*', { config, schema: { hide: true } }, async (_, reply) => {
    reply.headers({
      'access-control-allow-methods': 'GET, POST, PATCH',
      'access-control-allow-headers': 'content-type, idempotency-key, last-event-id',
      'access-control-max-age': '86400',
    })
    return reply.code(204).send()
  })
}

function contactRoutes(app: Server, { database }: Context): void {
  const describe = {
    summary: 'Get what a page shows of an inbox',
    tags,
    params: Type.Object(inbox),
    response: { 200: ref(ClientInbox) },
  }
  app.get(base, { config, schema: describe }, ({ params }) =>
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
  const ofNetwork = limiter(app as never, contactsPerMinute, networkKey)
  const ofInbox = limiter(app as never, contactsOfInboxPerMinute, inboxKey)
  const preParsing = async (request: FastifyRequest) => {
    await ofNetwork(request)
    await ofInbox(request)
  }
  app.post(`${base}/contacts`, { config, schema: open, preParsing }, ({ params, body }) =>
    openContact(database, params.inbox_identifier, body),
  )

  const shape = { tags, params: Type.Object(contact), response: { 200: ref(ClientContact) } }
  const path = `${base}/contacts/:source_id`
  app.get(path, { config, schema: { summary: 'Get oneself', ...shape } }, ({ customer }) =>
    showOwnContact(database.read, customer),
  )
  const change = { summary: 'Change oneself', body: ClientContactChange, ...shape }
  app.patch(path, { config, schema: change }, ({ customer, body }) =>
    changeOwnContact(database, customer, body),
  )
}

function conversationRoutes(app: Server, { database }: Context): void {
  const path = `${base}/contacts/:source_id/conversations`

  const list = {
    summary: 'List one’s own conversations',
    description: 'The latest 100 in this inbox.',
    tags,
    params: Type.Object(contact),
    response: { 200: Type.Object({ payload: Type.Array(ref(ClientConversation)) }) },
  }
  app.get(path, { config, schema: list }, async ({ customer }) => ({
    payload: await listOwnConversations(database.read, customer),
  }))

  const begin = {
    summary: 'Start a conversation',
    tags,
    params: Type.Object(contact),
    response: { 201: ref(ClientConversation) },
  }
  const preHandler = limiter(app as never, conversationsPerMinute, contactKey)
  app.post(path, { config, schema: begin, preHandler }, async ({ customer }, reply) => {
    reply.code(201)
    return beginConversation(database, customer)
  })

  const listing = {
    summary: 'List what was said',
    description: 'The latest messages, or those next to a cursor. Deleted ones are left out.',
    tags,
    params: conversation,
    querystring: ClientMessageQuery,
    response: { 200: ref(ClientMessagePage) },
  }
  app.get(`${path}/:conversation_id/messages`, { config, schema: listing }, ({ customer, params, query }) =>
    listOwnMessages(database.read, customer, params.conversation_id, query),
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
    { config, schema: answering },
    ({ customer, params, body }) =>
      answer(database, customer, params.conversation_id, params.message_id, body),
  )
}

/** A scope of its own: it takes forms with files. */
function sayingRoute(app: Server, context: Context): void {
  const { database } = context
  acceptFiles(app, context, {
    largest: context.config.clientMaxFileSize,
    quota: dailyFiles(context.config.clientUploadQuota),
    async assertAllowed({ customer, params }) {
      const { conversation_id } = params as { conversation_id: string }
      await assertOwnConversation(database.read, customer, parseId(conversation_id) ?? 0)
    },
  })
  const limit = limiter(app as never, messagesPerMinute, contactKey)
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
      schema: sending,
      preParsing: async (request) => limit(request),
    },
    async (request, reply) => {
      const { customer, params, body, headers, upload } = request
      const key = headers['idempotency-key'] ?? null
      const said = body as NewClientMessage
      const { message, replayed } = await say(database, customer, params.conversation_id, said, key, upload)
      markReplay(reply, replayed)
      return message
    },
  )
}

/** What both sides know of each other while they talk. */
function presentRoutes(app: Server, context: Context): void {
  const { read } = context.database
  const path = `${base}/contacts/:source_id`
  const ofContact = new OpenLimit(streamsOfContact)
  const ofNetwork = new OpenLimit(streamsOfNetwork)

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
  app.get(`${path}/events`, { config, schema: hearing, exposeHeadRoute: false }, async (request, reply) => {
    const { customer, params, query, headers } = request
    const question = parseEventRequest(clientEventNames, query, headers)
    const reader = customerReader(read, params.inbox_identifier, customer)
    if (query.conversation_id !== undefined) {
      await assertOwnConversation(read, customer, query.conversation_id)
    }
    if (context.config.rateLimit !== null) {
      ofContact.count(contactKey(request), reply)
      ofNetwork.count(networkOf(request.ip), reply)
    }
    return sendEvents(context, reader, question, request, reply)
  })

  const seeing = {
    summary: 'Tell that all was read',
    description: 'What agents wrote in the conversation becomes `read`.',
    tags,
    params: conversation,
    response: { 200: ref(ClientConversation) },
  }
  const one = `${path}/conversations/:conversation_id`
  app.post(`${one}/update_last_seen`, { config, schema: seeing }, ({ customer, params }) =>
    look(context.database, customer, params.conversation_id),
  )

  const writing = {
    summary: 'Tell that one writes',
    description: 'Agents hear of it as `event: typing` with a `contact`. It is not stored.',
    tags,
    params: conversation,
    body: ClientTyping,
    response: { 204: Type.Null({ description: 'Told.' }) },
  }
  app.post(`${one}/toggle_typing`, { config, schema: writing }, async ({ customer, params, body }, reply) => {
    await tellWriting(context, customer, params.conversation_id, body.typing_status)
    return reply.code(204).send(null)
  })
}
