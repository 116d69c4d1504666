import { Type } from 'typebox'
import type { Context } from '../../http/feature.ts'
import type { Server } from '../../http/server.ts'
import { id, ref } from '../../lib/schema.ts'
import { acceptFilesInConversation } from '../attachments/conversation-files.ts'
import {
  Approval,
  NewProposal,
  NewProposalForm,
  Proposal,
  ProposalQuery,
  ProposalRefusal,
  ProposalState,
  proposalsPerPage,
} from './schema.ts'
import { approve, getProposal, listProposals, propose, refuse } from './service.ts'

const tags = ['Proposals']
const conversation = { account_id: id(), conversation_id: id() }
const one = Type.Object({ ...conversation, proposal_id: id() })
const base = '/conversations/:conversation_id/proposals'

export function proposalRoutes(app: Server, context: Context): void {
  const { database } = context
  app.addSchema(Proposal)
  app.addSchema(ProposalState)

  const list = {
    summary: 'List proposals',
    description: `Those of a conversation, latest first, ${proposalsPerPage} at a time.`,
    tags,
    params: Type.Object(conversation),
    querystring: ProposalQuery,
    response: {
      200: Type.Object({
        payload: Type.Array(ref(Proposal)),
        meta: Type.Object({ has_more: Type.Boolean() }),
      }),
    },
  }
  app.get(base, { schema: list }, ({ actor, params, query }) =>
    listProposals(database.read, actor, params.conversation_id, query),
  )

  app.register(async (scope) => proposingRoute(scope as never, context))

  const shape = { tags, params: one, response: { 200: ref(Proposal) } }

  const get = { summary: 'Get a proposal', ...shape }
  app.get(`${base}/:proposal_id`, { schema: get }, ({ actor, params }) =>
    getProposal(database.read, actor, params.conversation_id, params.proposal_id),
  )

  const send = {
    summary: 'Send a proposal',
    description:
      'In your name. Refused with 409 `stale` if the contact has written since, or if it has expired.',
    body: Approval,
    ...shape,
  }
  app.post(`${base}/:proposal_id/approve`, { schema: send }, ({ actor, params, body }) =>
    approve(database, actor, params.conversation_id, params.proposal_id, body),
  )

  const refusal = { summary: 'Refuse a proposal', body: ProposalRefusal, ...shape }
  app.post(`${base}/:proposal_id/refuse`, { schema: refusal }, ({ actor, params, body }) =>
    refuse(database, actor, params.conversation_id, params.proposal_id, body.reason),
  )
}

function proposingRoute(app: Server, context: Context): void {
  const { database } = context
  acceptFilesInConversation(app, context)
  const create = {
    summary: 'Propose a reply',
    description: 'A person decides whether it is sent. As JSON, or as a form, which can contain files.',
    tags,
    params: Type.Object(conversation),
    body: {
      content: {
        'application/json': { schema: NewProposal },
        'multipart/form-data': { schema: NewProposalForm },
      },
    },
    response: { 201: ref(Proposal) },
  }
  app.post(base, { schema: create }, async ({ actor, params, body, upload }, reply) => {
    reply.code(201)
    return propose(database, actor, params.conversation_id, body as NewProposal, upload)
  })
}
