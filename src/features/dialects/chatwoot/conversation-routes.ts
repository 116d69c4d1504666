import { Type } from 'typebox'
import type { Context } from '../../../http/feature.ts'
import type { Server } from '../../../http/server.ts'
import { id, nullable, oneOf } from '../../../lib/schema.ts'
import { acceptFiles } from '../../attachments/service.ts'
import { changeConversation } from '../../conversations/change.ts'
import { eraseConversation } from '../../conversations/erase.ts'
import { getConversation } from '../../conversations/event-log.ts'
import { filterConversations } from '../../conversations/filter.ts'
import { NewConversation, priorities } from '../../conversations/schema.ts'
import { conversationsPerPage } from '../../conversations/search.ts'
import { FilterBody } from '../../filters/schema.ts'
import { startConversation } from '../../messages/first-message.ts'
import { conversationCounts, conversationPage, pageOf } from './conversation-list.ts'
import { conversationsJson, showConversation } from './conversations.ts'
import { countUpTo, filterBody, pageNumber } from './filter-parameters.ts'
import { newMessage } from './message-parameters.ts'
import type { Parameters } from './parameters.ts'
import { nested, parametersOf } from './parameters.ts'
import { accountPath, reading, sendJson } from './scope.ts'

const account = Type.Object({ account_id: id() })
const one = Type.Object({ account_id: id(), conversation_id: id() })
const base = `${accountPath}/conversations`
const path = `${base}/:conversation_id`

export function conversationRoutes(app: Server, context: Context): void {
  const { database } = context
  const { read, longReads } = database

  app.get(base, { schema: { params: account } }, async (request, reply) =>
    sendJson(reply, await conversationPage(database, request.actor, parametersOf(request))),
  )
  app.get(`${base}/meta`, { schema: { params: account } }, (request) =>
    conversationCounts(longReads, request.actor, parametersOf(request)),
  )

  app.post(
    `${base}/filter`,
    { schema: { params: account, body: FilterBody }, config: { readsOnly: true }, ...reading(filterBody) },
    async (request, reply) => {
      const { actor, body } = request
      const offset = (pageNumber(parametersOf(request)) - 1) * conversationsPerPage
      const { payload, meta } = await filterConversations(longReads, actor, body, { offset })
      const count = countUpTo(offset, payload, meta.before_id !== null)
      const counts = JSON.stringify(pageOf(payload, count, actor).meta)
      return sendJson(reply, `{"meta":${counts},"payload":${await conversationsJson(read, actor, payload)}}`)
    },
  )

  app.register(async (scope) => {
    const creating = scope as never as Server
    acceptFiles(creating, context, { largest: context.config.maxFileSize, toBody: nested })
    creating.post(
      base,
      { schema: { params: account, body: NewConversation }, ...reading(newConversation) },
      async ({ actor, body, upload }) => {
        const request = { idempotencyKey: null, upload }
        const { conversation } = await startConversation(database, actor, body, request)
        return showConversation(read, actor, conversation)
      },
    )
  })

  app.get(path, { schema: { params: one } }, async ({ actor, params }) =>
    showConversation(read, actor, await getConversation(read, actor, params.conversation_id)),
  )

  const Change = Type.Object({ priority: Type.Optional(nullable(oneOf([...priorities]))) })
  app.route({
    method: ['PATCH', 'PUT'],
    url: path,
    schema: { params: one, body: Change },
    ...reading((parameters) => ({ priority: parameters.cleared('priority', parameters.text) })),
    handler: async ({ actor, params, body }) =>
      showConversation(read, actor, await changeConversation(database, actor, params.conversation_id, body)),
  })

  const config = { administrator: true }
  app.delete(path, { schema: { params: one }, config }, async ({ actor, params }, reply) => {
    await eraseConversation(database, actor, params.conversation_id)
    return reply.send()
  })
}

function newConversation(parameters: Parameters): object {
  const status = parameters.text('status')
  const message = parameters.inside('message')
  const content = message?.raw('content') === undefined ? undefined : newMessage(message)
  return {
    inbox_id: parameters.number('inbox_id'),
    contact_id: parameters.number('contact_id'),
    source_id: parameters.text('source_id'),
    // There, a conversation can begin snoozed. Nobody has seen a program that does it.
    status: status === 'snoozed' ? 'open' : status,
    assignee_id: parameters.number('assignee_id') || undefined,
    team_id: parameters.number('team_id') || undefined,
    custom_attributes: parameters.object('custom_attributes'),
    additional_attributes: parameters.object('additional_attributes'),
    message: content,
  }
}
