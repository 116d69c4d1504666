import { Type } from 'typebox'
import type { Context } from '../../http/feature.ts'
import { idempotencyHeaders, markReplay } from '../../http/idempotency.ts'
import type { Server } from '../../http/server.ts'
import { id, ref } from '../../lib/schema.ts'
import { attachmentParts } from '../attachments/schema.ts'
import { acceptFiles } from '../attachments/service.ts'
import { Conversation, NewConversation } from '../conversations/schema.ts'
import { startConversation } from './first-message.ts'

/** The same as a form, which can contain the files of the first message. */
const NewConversationForm = Type.Object({ ...NewConversation.properties, ...attachmentParts })

/** Needs its own scope, because it accepts forms with files. It is here, because a conversation can come with a message. */
export function conversationRoute(app: Server, context: Context): void {
  const { database, config } = context
  acceptFiles(app, context, { largest: config.maxFileSize })
  const create = {
    summary: 'Create a conversation',
    description:
      'As JSON, or as a form with the files of its first message; `message` is then a field with JSON, and can be left out.',
    tags: ['Conversations'],
    params: Type.Object({ account_id: id() }),
    headers: idempotencyHeaders,
    body: {
      content: {
        'application/json': { schema: NewConversation },
        'application/x-www-form-urlencoded': { schema: NewConversation },
        'multipart/form-data': { schema: NewConversationForm },
      },
    },
    response: { 200: ref(Conversation), 201: ref(Conversation) },
  }
  app.post('/conversations', { schema: create }, async ({ actor, body, headers, upload }, reply) => {
    const idempotencyKey = headers['idempotency-key'] ?? null
    const request = { idempotencyKey, upload }
    const { conversation, replayed } = await startConversation(
      database,
      actor,
      body as NewConversation,
      request,
    )
    markReplay(reply, replayed)
    return conversation
  })
}
