import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Context } from '../../http/feature.ts'
import { limiter } from '../../http/limits.ts'
import type { Server } from '../../http/server.ts'
import { id } from '../../lib/schema.ts'
import { addOwnAttributes, changeOwnLabels } from '../customers/own-conversation.ts'
import { contactKey, customerLimits } from './admission.ts'
import { ClientAttributes, ClientLabelChange } from './schema.ts'

const base = '/public/api/v1/inboxes/:inbox_identifier/contacts/:source_id/conversations/:conversation_id'

/** The routes with which contacts say something about their conversation, as far as the team lets them. */
export function ownConversationRoutes(app: Server, { database }: Context): void {
  const shape = {
    tags: ['Client'],
    params: Type.Object({ inbox_identifier: Type.String(), source_id: Type.String(), conversation_id: id() }),
    response: { 204: Type.Null({ description: 'Changed.' }) },
  }
  // One for both: each writes an event, and labels an activity message.
  const limit = limiter(app as never, customerLimits.changesPerMinute, contactKey)
  const options = { config: { public: true }, preParsing: async (request: FastifyRequest) => limit(request) }

  const labels = {
    ...shape,
    summary: 'Set and remove labels of your conversation',
    description: 'Only those that the team lets contacts of this inbox set.',
    body: ClientLabelChange,
  }
  app.post(`${base}/labels`, { ...options, schema: labels }, async ({ customer, params, body }, reply) => {
    await changeOwnLabels(database, customer, params.conversation_id, body)
    return reply.code(204).send(null)
  })

  const attributes = {
    ...shape,
    summary: 'Add custom attributes to your conversation',
    description: 'Existing ones do not change.',
    body: ClientAttributes,
  }
  app.post(
    `${base}/custom_attributes`,
    { ...options, schema: attributes },
    async ({ customer, params, body }, reply) => {
      await addOwnAttributes(database, customer, params.conversation_id, body.custom_attributes)
      return reply.code(204).send(null)
    },
  )
}
