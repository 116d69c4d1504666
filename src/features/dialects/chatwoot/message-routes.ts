import { Type } from 'typebox'
import type { Context } from '../../../http/feature.ts'
import type { Server } from '../../../http/server.ts'
import type { Actor } from '../../../lib/actor.ts'
import { Refusal } from '../../../lib/errors.ts'
import { id, nullable, oneOf } from '../../../lib/schema.ts'
import { acceptFilesInConversation } from '../../attachments/conversation-files.ts'
import { findConversationRef } from '../../conversations/service.ts'
import { change, erase } from '../../messages/change.ts'
import { resend } from '../../messages/resending.ts'
import { type Message, NewMessageForm } from '../../messages/schema.ts'
import { get, post } from '../../messages/service.ts'
import { selectMessagesWithFiles } from './message-documents.store.ts'
import { MessagePages } from './message-page.ts'
import { newMessage } from './message-parameters.ts'
import { toAttachment } from './objects/attachment.ts'
import { senderOf, toMessage } from './objects/message.ts'
import { nested } from './parameters.ts'
import { relatedToMessages } from './related.ts'
import { accountPath, reading, readingQuery, sendJson } from './scope.ts'

const conversation = Type.Object({ account_id: id(), conversation_id: id() })
const one = Type.Object({ account_id: id(), conversation_id: id(), message_id: id() })
const base = `${accountPath}/conversations/:conversation_id/messages`
// Messages. Each can have several files.
const mostWithFiles = 100
const anyId = Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }))

const PageQuery = Type.Object({
  before: anyId,
  after: anyId,
  filter_internal_messages: Type.Optional(Type.Boolean()),
})

export function messageRoutes(app: Server, context: Context): void {
  const { database } = context
  const pages = new MessagePages(database.read)

  /** A message as Chatwoot shows it. */
  async function show({ accountId }: Actor, document: string) {
    const message: Message = JSON.parse(document)
    return toMessage(message, await relatedToMessages(database.read, accountId, [message]))
  }

  const list = readingQuery((parameters) => ({
    before: parameters.number('before'),
    after: parameters.number('after'),
    filter_internal_messages: parameters.flag('filter_internal_messages'),
  }))
  app.get(
    base,
    { schema: { params: conversation, querystring: PageQuery }, ...list },
    async ({ actor, params, query }, reply) =>
      sendJson(reply, await pages.read(actor, params.conversation_id, query)),
  )

  const files = `${accountPath}/conversations/:conversation_id/attachments`
  app.get(files, { schema: { params: conversation } }, async ({ actor, params }) => {
    const { conversation_id } = params
    await findConversationRef(database.read, actor, conversation_id)
    const documents = await selectMessagesWithFiles(
      database.longReads,
      actor.accountId,
      conversation_id,
      mostWithFiles,
    )
    const messages: Message[] = documents.map((document) => JSON.parse(document))
    const related = await relatedToMessages(database.read, actor.accountId, messages)
    const payload = messages.flatMap((message) => {
      const sender = senderOf(message, related)
      return message.attachments.map((file) => ({ ...toAttachment(file, message.id, related), sender }))
    })
    return { meta: { total_count: payload.length }, payload }
  })

  app.register(async (scope) => {
    const sending = scope as never as Server
    acceptFilesInConversation(sending, context, { toBody: nested })
    sending.post(
      base,
      { schema: { params: conversation, body: NewMessageForm }, ...reading(newMessage) },
      async ({ actor, params, body, upload }) => {
        const { document } = await post(database, actor, params.conversation_id, body, null, upload)
        const message = await show(actor, document)
        return body.echo_id ? { ...message, echo_id: body.echo_id } : message
      },
    )
  })

  const Change = Type.Object({
    status: Type.Optional(oneOf(['sent', 'delivered', 'read', 'failed'])),
    external_error: Type.Optional(nullable(Type.String({ maxLength: 1000 }))),
  })
  app.route({
    method: ['PATCH', 'PUT'],
    url: `${base}/:message_id`,
    schema: { params: one, body: Change },
    ...reading((parameters) => ({
      status: parameters.text('status'),
      external_error: parameters.text('external_error'),
    })),
    async handler({ actor, params, body }, reply) {
      const { conversation_id, message_id } = params
      const { status, external_error } = body
      const document = () => get(database.read, actor, conversation_id, message_id, true)
      if (status === undefined || status === 'sent') return show(actor, await document())
      const error = status === 'failed' && external_error ? { external_error } : {}
      try {
        return show(actor, await change(database, actor, conversation_id, message_id, { status, ...error }))
      } catch (refusal) {
        // Reports can arrive in any order. One that comes too late changes nothing.
        if (isRefusal(refusal, 'conflict')) return show(actor, await document())
        if (!isRefusal(refusal, 'invalid')) throw refusal
        return reply.code(403).send({ error: 'Message status update is only allowed for API inboxes' })
      }
    },
  })

  app.post(`${base}/:message_id/retry`, { schema: { params: one } }, async ({ actor, params }) =>
    show(actor, await resend(database, actor, params.conversation_id, params.message_id)),
  )

  app.delete(`${base}/:message_id`, { schema: { params: one } }, async ({ actor, params }) => {
    const { conversation_id, message_id } = params
    try {
      return show(actor, await erase(database, actor, conversation_id, message_id))
    } catch (refusal) {
      // Deleting a message twice is no error.
      if (!isRefusal(refusal, 'not_found')) throw refusal
      return show(actor, await get(database.read, actor, conversation_id, message_id, true))
    }
  })
}

function isRefusal(error: unknown, code: Refusal['code']): boolean {
  return error instanceof Refusal && error.code === code
}
