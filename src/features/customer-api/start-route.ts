import { Type } from 'typebox'
import type { Context } from '../../http/feature.ts'
import { idempotencyHeaders, markReplay } from '../../http/idempotency.ts'
import { limiter } from '../../http/limits.ts'
import type { Server } from '../../http/server.ts'
import { ref } from '../../lib/schema.ts'
import { acceptFiles, type ByteQuota } from '../attachments/service.ts'
import { assertMayStart } from '../customers/service.ts'
import { contactKey, customerLimits, networkKey } from './admission.ts'
import { ClientConversation, NewClientConversation, NewClientConversationForm } from './schema.ts'
import { startConversation } from './service.ts'

/** Needs its own scope, because it accepts forms with files. */
export function startConversationRoute(app: Server, context: Context, quota: ByteQuota | undefined): void {
  const { database, config } = context
  acceptFiles(app, context, {
    largest: config.clientMaxFileSize,
    quota,
    isBodyOptional: true,
    assertAllowed: ({ customer }) => assertMayStart(database.read, customer),
  })
  const ofContact = limiter(app as never, customerLimits.conversationsPerMinute, contactKey)
  const ofNetwork = limiter(app as never, customerLimits.conversationsOfNetworkPerMinute, networkKey)
  const begin = {
    summary: 'Start a conversation',
    description:
      'Without a body, or with its first message: as JSON, or as a form, which can contain files; `message` is then a field with JSON.',
    tags: ['Client'],
    params: Type.Object({ inbox_identifier: Type.String(), source_id: Type.String() }),
    headers: idempotencyHeaders,
    body: {
      content: {
        'application/json': { schema: NewClientConversation },
        'application/x-www-form-urlencoded': { schema: NewClientConversation },
        'multipart/form-data': { schema: NewClientConversationForm },
      },
    },
    response: { 200: ref(ClientConversation), 201: ref(ClientConversation) },
  }
  app.post(
    '/public/api/v1/inboxes/:inbox_identifier/contacts/:source_id/conversations',
    {
      config: { public: true },
      schema: begin,
      async preParsing(request) {
        await ofContact(request)
        await ofNetwork(request)
      },
    },
    async ({ customer, body, headers, upload }, reply) => {
      const { message } = (body ?? {}) as NewClientConversation
      const key = headers['idempotency-key'] ?? null
      const { conversation, replayed } = await startConversation(database, customer, { message, key, upload })
      markReplay(reply, replayed)
      return conversation
    },
  )
}
