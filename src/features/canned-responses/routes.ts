import { Type } from 'typebox'
import type { Context } from '../../http/feature.ts'
import type { Server } from '../../http/server.ts'
import { id, ref } from '../../lib/schema.ts'
import { acceptFiles } from '../attachments/service.ts'
import { getSignature, renderCannedResponse, setSignature } from './rendering.ts'
import {
  CannedResponse,
  CannedResponseChange,
  CannedResponseChangeForm,
  CannedResponseQuery,
  cannedResponsesPerPage,
  NewCannedResponse,
  NewCannedResponseForm,
  NewSignature,
  RenderedResponse,
  Rendering,
  Signature,
} from './schema.ts'
import {
  changeCannedResponse,
  createCannedResponse,
  getCannedResponse,
  listCannedResponses,
  removeCannedResponse,
} from './service.ts'

const tags = ['Canned responses']
const account = { account_id: id() }
const one = Type.Object({ ...account, canned_response_id: id() })
const base = '/canned_responses'
const path = `${base}/:canned_response_id`

export function cannedResponseRoutes(app: Server, context: Context): void {
  const { database } = context
  app.addSchema(CannedResponse)
  app.addSchema(Signature)

  const list = {
    summary: 'List canned responses',
    description: `Those of the account and your own, by short code, ${cannedResponsesPerPage} per page.`,
    tags,
    params: Type.Object(account),
    querystring: CannedResponseQuery,
    response: {
      200: Type.Object({
        payload: Type.Array(ref(CannedResponse)),
        meta: Type.Object({ has_more: Type.Boolean() }),
      }),
    },
  }
  app.get(base, { schema: list }, ({ actor, query }) => listCannedResponses(database.longReads, actor, query))

  const get = { summary: 'Get a canned response', tags, params: one, response: { 200: ref(CannedResponse) } }
  app.get(path, { schema: get }, ({ actor, params }) =>
    getCannedResponse(database.read, actor, params.canned_response_id),
  )

  const render = {
    summary: 'Fill in a canned response',
    description: 'Returns it as it would be sent in a conversation by you.',
    tags,
    params: one,
    body: Rendering,
    response: { 200: RenderedResponse },
  }
  app.post(`${path}/render`, { schema: render }, ({ actor, params, body }) =>
    renderCannedResponse(database.read, actor, params.canned_response_id, body.conversation_id),
  )

  const remove = {
    summary: 'Delete a canned response',
    description: 'Its author and administrators may. Messages keep its files.',
    tags,
    params: one,
    response: { 204: Type.Null({ description: 'The canned response is deleted.' }) },
  }
  app.delete(path, { schema: remove }, async ({ actor, params }, reply) => {
    await removeCannedResponse(database, actor, params.canned_response_id)
    reply.code(204)
    return null
  })

  app.register(async (scope) => routesWithFiles(scope as never, context))
  signatureRoutes(app, context)
}

function routesWithFiles(app: Server, context: Context): void {
  const { database, config } = context
  acceptFiles(app, context, { largest: config.maxFileSize })

  const create = {
    summary: 'Create a canned response',
    description: 'As JSON, or as a form, which can contain files.',
    tags,
    params: Type.Object(account),
    body: {
      content: {
        'application/json': { schema: NewCannedResponse },
        'multipart/form-data': { schema: NewCannedResponseForm },
      },
    },
    response: { 201: ref(CannedResponse) },
  }
  app.post(base, { schema: create }, async ({ actor, body, upload }, reply) => {
    reply.code(201)
    return createCannedResponse(database, actor, body as NewCannedResponse, upload)
  })

  const change = {
    summary: 'Change a canned response',
    description: 'Its author and administrators may. Only the author may change the visibility.',
    tags,
    params: one,
    body: {
      content: {
        'application/json': { schema: CannedResponseChange },
        'multipart/form-data': { schema: CannedResponseChangeForm },
      },
    },
    response: { 200: ref(CannedResponse) },
  }
  app.patch(path, { schema: change }, ({ actor, params, body, upload }) =>
    changeCannedResponse(database, actor, params.canned_response_id, body as CannedResponseChange, upload),
  )
}

function signatureRoutes(app: Server, { database }: Context): void {
  const params = Type.Object({ ...account, inbox_id: id() })
  const path = '/inboxes/:inbox_id/signature'

  const get = { summary: 'Get your signature in an inbox', tags, params, response: { 200: ref(Signature) } }
  app.get(path, { schema: get }, ({ actor, params }) => getSignature(database.read, actor, params.inbox_id))

  const set = {
    summary: 'Set your signature in an inbox',
    description: 'Messages have it if they are sent with `append_signature`.',
    tags,
    params,
    body: NewSignature,
    response: { 200: ref(Signature) },
  }
  app.put(path, { schema: set }, ({ actor, params, body }) =>
    database.transaction(actor.accountId, (tx) => setSignature(tx, actor, params.inbox_id, body)),
  )
}
