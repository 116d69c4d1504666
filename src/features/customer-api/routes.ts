import { Type } from 'typebox'
import type { Context } from '../../http/feature.ts'
import { idempotencyHeaders, markReplay } from '../../http/idempotency.ts'
import { limiter, OpenLimit } from '../../http/limits.ts'
import type { Server } from '../../http/server.ts'
import { networkOf } from '../../lib/addresses.ts'
import { id, parseId, ref } from '../../lib/schema.ts'
import { acceptFiles, type ByteQuota } from '../attachments/service.ts'
import { currentConversationId } from '../customers/customer.ts'
import { EventHeaders, EventQuery } from '../realtime/schema.ts'
import { parseEventRequest } from '../realtime/service.ts'
import { eventContent, sendEvents } from '../realtime/sse-response.ts'
import { admitCustomers, contactKey, customerLimits, dailyFileQuota, strangerLimit } from './admission.ts'
import { preflightRoute } from './cors.ts'
import { changeOwn, createOrFindContact, describeInbox, getOwnContact } from './identity.ts'
import { openingRoutes } from './openings.ts'
import { ownConversationRoutes } from './own-conversation-routes.ts'
import {
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
  SubmittedValues,
} from './schema.ts'
import { listOwnConversations, listOwnMessages, markAsSeen, postMessage, submitValues } from './service.ts'
import { startConversationRoute } from './start-route.ts'
import { customerSubscriber, showTyping } from './stream.ts'
import { visitRoute } from './visits.ts'

const eventSchemas = [ClientMessageEvent, ClientConversationEvent, ClientConversationGone]
// Open at the same time: the tabs of one contact, and the people of one building.
const streamsOfContact = 20
const streamsOfNetwork = 200
const { messagesPerMinute, contactsPerMinute, contactsOfInboxPerMinute } = customerLimits
const tags = ['Client']
const config = { public: true }
const base = '/public/api/v1/inboxes/:inbox_identifier'
const inbox = { inbox_identifier: Type.String() }
const contact = { ...inbox, source_id: Type.String() }
const conversation = Type.Object({ ...contact, conversation_id: id() })

/** The API of customers. The `source_id` in the path is the credential of the contact. */
export function customerRoutes(app: Server, context: Context): void {
  const schemas = [ClientInbox, ClientContact, ClientMessage, ClientConversation, ClientMessagePage]
  for (const schema of [...schemas, ...eventSchemas]) app.addSchema(schema)
  app.register(async (scope) => {
    const routes = scope as never as Server
    admitCustomers(routes, context)
    preflightRoute(routes)
    contactRoutes(routes, context)
    conversationRoutes(routes, context)
    realtimeRoutes(routes, context)
    visitRoute(routes, context)
    openingRoutes(routes, context)
    ownConversationRoutes(routes, context)
    // One for both: a message costs the same whether it starts a conversation.
    const quota = dailyFileQuota(context)
    routes.register(async (forms) => postMessageRoute(forms as never, context, quota))
    routes.register(async (forms) => startConversationRoute(forms as never, context, quota))
  })
}

function contactRoutes(app: Server, { database }: Context): void {
  const describe = {
    summary: 'Get an inbox as a page shows it',
    tags,
    params: Type.Object(inbox),
    response: { 200: ref(ClientInbox) },
  }
  app.get(base, { config, schema: describe }, ({ params }) =>
    describeInbox(database.read, params.inbox_identifier),
  )

  const open = {
    summary: 'Create or find a contact',
    description:
      'Creates a contact. With an `identity_token`, or an `identifier` and its `identifier_hash`, finds the contact with this identifier if there is one. The response has the secret `source_id` that all other requests need. It is never shown again.',
    tags,
    params: Type.Object(inbox),
    body: NewClientContact,
    response: { 200: ref(ClientContact) },
  }
  const preParsing = strangerLimit(app, contactsPerMinute, contactsOfInboxPerMinute)
  app.post(`${base}/contacts`, { config, schema: open, preParsing }, ({ params, body }) =>
    createOrFindContact(database, params.inbox_identifier, body),
  )

  const shape = { tags, params: Type.Object(contact), response: { 200: ref(ClientContact) } }
  const path = `${base}/contacts/:source_id`
  app.get(path, { config, schema: { summary: 'Get your contact', ...shape } }, ({ customer }) =>
    getOwnContact(database.read, customer),
  )
  const change = { summary: 'Change your contact', body: ClientContactChange, ...shape }
  app.patch(path, { config, schema: change }, ({ customer, body }) => changeOwn(database, customer, body))
}

function conversationRoutes(app: Server, { database }: Context): void {
  const path = `${base}/contacts/:source_id/conversations`

  const list = {
    summary: 'List your conversations',
    description: 'The latest 100 of the contact in this inbox.',
    tags,
    params: Type.Object(contact),
    response: { 200: Type.Object({ payload: Type.Array(ref(ClientConversation)) }) },
  }
  app.get(path, { config, schema: list }, async ({ customer }) => ({
    payload: await listOwnConversations(database.longReads, customer),
  }))

  const messages = {
    summary: 'List messages',
    description: 'The latest messages, or those next to a cursor, without deleted ones.',
    tags,
    params: conversation,
    querystring: ClientMessageQuery,
    response: { 200: ref(ClientMessagePage) },
  }
  app.get(`${path}/:conversation_id/messages`, { config, schema: messages }, ({ customer, params, query }) =>
    listOwnMessages(database.read, customer, params.conversation_id, query),
  )

  const submission = {
    summary: 'Answer an interactive message',
    description: 'Only once: 409 if it has already been answered.',
    tags,
    params: Type.Object({ ...contact, conversation_id: id(), message_id: id() }),
    body: SubmittedValues,
    response: { 200: ref(ClientMessage) },
  }
  app.patch(
    `${path}/:conversation_id/messages/:message_id`,
    { config, schema: submission },
    ({ customer, params, body }) =>
      submitValues(database, customer, params.conversation_id, params.message_id, body),
  )
}

/** Needs its own scope, because it accepts forms with files. */
function postMessageRoute(app: Server, context: Context, quota: ByteQuota | undefined): void {
  const { database } = context
  acceptFiles(app, context, {
    largest: context.config.clientMaxFileSize,
    quota,
    async assertAllowed({ customer, params }) {
      const { conversation_id } = params as { conversation_id: string }
      await currentConversationId(database.read, customer, parseId(conversation_id) ?? 0)
    },
  })
  const limit = limiter(app as never, messagesPerMinute, contactKey)
  const message = {
    summary: 'Send a message',
    description: 'As JSON, or as a form, which can contain files.',
    tags,
    params: conversation,
    headers: idempotencyHeaders,
    body: {
      content: {
        'application/json': { schema: NewClientMessage },
        'application/x-www-form-urlencoded': { schema: NewClientMessage },
        'multipart/form-data': { schema: NewClientMessageForm },
      },
    },
    response: { 200: ref(ClientMessage), 201: ref(ClientMessage) },
  }
  app.post(
    `${base}/contacts/:source_id/conversations/:conversation_id/messages`,
    {
      config,
      schema: message,
      preParsing: async (request) => limit(request),
    },
    async (request, reply) => {
      const { customer, params, body, headers, upload } = request
      const key = headers['idempotency-key'] ?? null
      const input = body as NewClientMessage
      const { conversation_id } = params
      const result = await postMessage(database, customer, conversation_id, input, key, upload)
      markReplay(reply, result.replayed)
      return result.message
    },
  )
}

/** Event stream, read receipts and typing. */
function realtimeRoutes(app: Server, context: Context): void {
  const { read } = context.database
  const path = `${base}/contacts/:source_id`
  const ofContact = new OpenLimit(streamsOfContact)
  const ofNetwork = new OpenLimit(streamsOfNetwork)

  const events = {
    summary: 'Stream the events of your conversations',
    description:
      'A stream of Server-Sent Events, or with `Accept: application/json` a page of events, as described in docs/realtime.md. \
`typing` and `inbox_availability` have no id.',
    tags,
    params: Type.Object(contact),
    querystring: EventQuery,
    headers: EventHeaders,
    response: { 200: { description: 'Events.', content: eventContent(eventSchemas) } },
  }
  app.get(`${path}/events`, { config, schema: events, exposeHeadRoute: false }, async (request, reply) => {
    const { customer, params, query, headers } = request
    const question = parseEventRequest(clientEventNames, query, headers)
    const subscriber = customerSubscriber(read, params.inbox_identifier, customer)
    if (query.conversation_id !== undefined)
      question.filter.conversationId = await currentConversationId(read, customer, query.conversation_id)
    if (context.config.rateLimit !== null) {
      ofContact.count(contactKey(request), reply.raw)
      ofNetwork.count(networkOf(request.ip), reply.raw)
    }
    return sendEvents(context, subscriber, question, request, reply)
  })

  const lastSeen = {
    summary: 'Mark a conversation as read',
    description: 'The status of messages from agents becomes `read`.',
    tags,
    params: conversation,
    response: { 200: ref(ClientConversation) },
  }
  const one = `${path}/conversations/:conversation_id`
  app.post(`${one}/update_last_seen`, { config, schema: lastSeen }, ({ customer, params }) =>
    markAsSeen(context.database, customer, params.conversation_id),
  )

  const typing = {
    summary: 'Show that you are typing',
    description: 'Agents get an `event: typing` with a `contact`. It is not stored.',
    tags,
    params: conversation,
    body: ClientTyping,
    response: { 204: Type.Null({ description: 'Sent.' }) },
  }
  app.post(`${one}/toggle_typing`, { config, schema: typing }, async ({ customer, params, body }, reply) => {
    await showTyping(context, customer, params.conversation_id, body.typing_status)
    return reply.code(204).send(null)
  })
}
