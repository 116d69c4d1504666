import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Context } from '../../../http/feature.ts'
import { limiter } from '../../../http/limits.ts'
import type { Server } from '../../../http/server.ts'
import { id, parseId } from '../../../lib/schema.ts'
import { acceptFiles } from '../../attachments/service.ts'
import {
  admitCustomers,
  contactKey,
  customerLimits,
  dailyFileQuota,
  networkKey,
  strangerLimit,
} from '../../customer-api/admission.ts'
import { preflightRoute } from '../../customer-api/cors.ts'
import { changeOwn, createOrFindContact, describeInbox, getOwnContact } from '../../customer-api/identity.ts'
import {
  type ClientContact,
  ClientContactChange,
  ClientTyping,
  NewClientContact,
  NewClientMessageForm,
  SubmittedValues,
} from '../../customer-api/schema.ts'
import {
  listOwnConversations,
  listOwnMessages,
  markAsSeen,
  postMessage,
  startConversation,
  submitValues,
} from '../../customer-api/service.ts'
import { showTyping } from '../../customer-api/stream.ts'
import { assertOwnConversation, type Customer } from '../../customers/customer.ts'
import { resolveConversation } from '../../customers/service.ts'
import { nested, type Parameters, parametersOf } from './parameters.ts'
import { publicMessage, showPublicConversations } from './public-conversations.ts'
import { pubsubTokenOf } from './pubsub-tokens.ts'
import { reading } from './scope.ts'

const config = { public: true }
const base = '/public/api/v1/inboxes/:inbox_identifier'
const inbox = Type.Object({ inbox_identifier: Type.String() })
const contact = Type.Object({ ...inbox.properties, source_id: Type.String() })
const conversation = Type.Object({ ...contact.properties, conversation_id: id() })
const messagesPerPage = 20
const path = `${base}/contacts/:source_id`
const one = `${path}/conversations/:conversation_id`

/** The API of customers. As in the main API, the `source_id` in the path is the credential. */
export function customerRoutes(app: Server, context: Context): void {
  app.register(async (scope) => {
    const routes = scope as never as Server
    admitCustomers(routes, context)
    preflightRoute(routes)
    contactRoutes(routes, context)
    conversationRoutes(routes, context)
    routes.register(async (forms) => messageRoutes(forms as never, context))
  })
}

function contactRoutes(app: Server, { database }: Context): void {
  const { read } = database
  const show = (own: ClientContact, inbox_identifier: string) => {
    const { source_id } = own
    return { ...own, pubsub_token: pubsubTokenOf(read, { kind: 'contact', inbox_identifier, source_id }) }
  }

  app.get(base, { config, schema: { params: inbox } }, async ({ params }) => {
    const { name, identity_validation } = await describeInbox(read, params.inbox_identifier)
    return {
      identifier: params.inbox_identifier,
      identity_validation_enabled: identity_validation,
      name,
      timezone: 'UTC',
      working_hours: [],
      working_hours_enabled: false,
      csat_survey_enabled: false,
      greeting_enabled: false,
    }
  })

  const { contactsPerMinute, contactsOfInboxPerMinute } = customerLimits
  const preParsing = strangerLimit(app, contactsPerMinute, contactsOfInboxPerMinute)
  const opened = reading((parameters) => ({
    ...fieldsOf(parameters),
    identifier: parameters.text('identifier'),
    identifier_hash: parameters.text('identifier_hash'),
    source_id: parameters.text('source_id'),
  }))
  app.post(
    `${base}/contacts`,
    { config, schema: { params: inbox, body: NewClientContact }, preParsing, ...opened },
    async ({ params: { inbox_identifier }, body }) =>
      show(await createOrFindContact(database, inbox_identifier, body), inbox_identifier),
  )
  app.get(path, { config, schema: { params: contact } }, async ({ customer, params }) =>
    show(await getOwnContact(read, customer), params.inbox_identifier),
  )
  app.patch(
    path,
    { config, schema: { params: contact, body: ClientContactChange }, ...reading(fieldsOf) },
    async ({ customer, params, body }) =>
      show(await changeOwn(database, customer, body), params.inbox_identifier),
  )
}

function fieldsOf(parameters: Parameters): object {
  return {
    name: parameters.text('name'),
    email: parameters.text('email'),
    phone_number: parameters.text('phone_number'),
    custom_attributes: parameters.object('custom_attributes'),
  }
}

function conversationRoutes(app: Server, context: Context): void {
  const { database } = context
  const { read, longReads } = database

  app.get(`${path}/conversations`, { config, schema: { params: contact } }, async ({ customer }) =>
    showPublicConversations(longReads, customer, await listOwnConversations(longReads, customer)),
  )

  const ofContact = limiter(app as never, customerLimits.conversationsPerMinute, contactKey)
  const ofNetwork = limiter(app as never, customerLimits.conversationsOfNetworkPerMinute, networkKey)
  const preHandler = async (request: FastifyRequest) => {
    await ofContact(request)
    await ofNetwork(request)
  }
  app.post(
    `${path}/conversations`,
    { config, schema: { params: contact }, preHandler },
    async ({ customer }) => {
      const { conversation } = await startConversation(database, customer)
      return showOne(customer, conversation.id)
    },
  )
  app.get(one, { config, schema: { params: conversation } }, ({ customer, params }) =>
    showOne(customer, params.conversation_id),
  )

  async function showOne(customer: Customer, conversationId: number) {
    const { payload } = await listOwnMessages(read, customer, conversationId, { limit: messagesPerPage })
    const all = await listOwnConversations(read, customer)
    const own = all.filter((conversation) => conversation.id === conversationId)
    const [shown] = await showPublicConversations(read, customer, own)
    const messages = payload.map((message) => publicMessage(message, customer.account_id))
    return { ...shown, messages }
  }

  app.post(`${one}/toggle_status`, { config, schema: { params: conversation } }, async (request) => {
    const { customer, params } = request
    await resolveConversation(database, customer, params.conversation_id)
    return showOne(customer, params.conversation_id)
  })
  app.post(
    `${one}/update_last_seen`,
    { config, schema: { params: conversation } },
    async (request, reply) => {
      await markAsSeen(database, request.customer, request.params.conversation_id)
      return reply.send()
    },
  )
  const typing = reading((parameters) => ({
    typing_status: parameters.text('typing_status') === 'off' ? 'off' : 'on',
  }))
  app.post(
    `${one}/toggle_typing`,
    { config, schema: { params: conversation, body: ClientTyping }, ...typing },
    async ({ customer, params, body }, reply) => {
      await showTyping(context, customer, params.conversation_id, body.typing_status)
      return reply.send()
    },
  )
}

/** Needs its own scope, because it accepts forms with files. */
function messageRoutes(app: Server, context: Context): void {
  const { database } = context
  const { read } = database
  acceptFiles(app, context, {
    largest: context.config.clientMaxFileSize,
    quota: dailyFileQuota(context),
    toBody: nested,
    async assertAllowed({ customer, params }) {
      const { conversation_id } = params as { conversation_id: string }
      await assertOwnConversation(read, customer, parseId(conversation_id) ?? 0)
    },
  })

  app.get(`${one}/messages`, { config, schema: { params: conversation } }, async (request) => {
    const { customer, params } = request
    const before = parametersOf(request).number('before')
    const query = { limit: messagesPerPage, ...(before ? { before_id: before } : {}) }
    const { payload } = await listOwnMessages(read, customer, params.conversation_id, query)
    return payload.map((message) => publicMessage(message, customer.account_id))
  })

  const limit = limiter(app as never, customerLimits.messagesPerMinute, contactKey)
  app.post(
    `${one}/messages`,
    {
      config,
      schema: { params: conversation, body: NewClientMessageForm },
      preParsing: async (request) => limit(request),
      ...reading((parameters) => ({
        content: parameters.text('content'),
        echo_id: parameters.text('echo_id'),
      })),
    },
    async ({ customer, params, body, upload }) => {
      const { conversation_id } = params
      const { message } = await postMessage(database, customer, conversation_id, body, null, upload)
      return publicMessage(message, customer.account_id)
    },
  )

  const submission = Type.Object({ ...conversation.properties, message_id: id() })
  app.patch(
    `${one}/messages/:message_id`,
    {
      config,
      schema: { params: submission, body: SubmittedValues },
      ...reading((parameters) => ({
        submitted_values: parameters.raw('submitted_values'),
        submitted_email: parameters.text('submitted_email'),
      })),
    },
    async ({ customer, params, body }) => {
      const { conversation_id, message_id } = params
      const message = await submitValues(database, customer, conversation_id, message_id, body)
      return publicMessage(message, customer.account_id)
    },
  )
}
