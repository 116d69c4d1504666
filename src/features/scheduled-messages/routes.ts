import { Type } from 'typebox'
import type { Context } from '../../http/feature.ts'
import type { Server } from '../../http/server.ts'
import { id, ref } from '../../lib/schema.ts'
import { acceptFilesInConversation } from '../attachments/conversation-files.ts'
import {
  mostScheduled,
  NewScheduledMessage,
  NewScheduledMessageForm,
  ScheduledMessage,
  ScheduledMessageChange,
  ScheduledMessageState,
} from './schema.ts'
import { changeScheduled, listScheduled, removeScheduled, schedule } from './service.ts'

const tags = ['Scheduled messages']
const conversation = { account_id: id(), conversation_id: id() }
const one = Type.Object({ ...conversation, scheduled_message_id: id() })
const base = '/conversations/:conversation_id/scheduled_messages'

export function scheduledMessageRoutes(app: Server, context: Context): void {
  const { database } = context
  app.addSchema(ScheduledMessage)
  app.addSchema(ScheduledMessageState)

  const list = {
    summary: 'List scheduled messages',
    description: `Those of a conversation, at most ${mostScheduled}, the next one first.`,
    tags,
    params: Type.Object(conversation),
    response: { 200: Type.Object({ payload: Type.Array(ref(ScheduledMessage)) }) },
  }
  app.get(base, { schema: list }, async ({ actor, params }) => ({
    payload: await listScheduled(database.read, actor, params.conversation_id),
  }))

  app.register(async (scope) => schedulingRoute(scope as never, context))

  const change = {
    summary: 'Change a scheduled message',
    description:
      'Only its author may. With a new `send_at`, one that was cancelled or has failed is tried again.',
    tags,
    params: one,
    body: ScheduledMessageChange,
    response: { 200: ref(ScheduledMessage) },
  }
  app.patch(`${base}/:scheduled_message_id`, { schema: change }, ({ actor, params, body }) =>
    changeScheduled(database, actor, params.conversation_id, params.scheduled_message_id, body),
  )

  const remove = {
    summary: 'Delete a scheduled message',
    description: 'It is not sent. Everybody who sees the conversation may.',
    tags,
    params: one,
    response: { 204: Type.Null({ description: 'The scheduled message is deleted.' }) },
  }
  app.delete(`${base}/:scheduled_message_id`, { schema: remove }, async ({ actor, params }, reply) => {
    await removeScheduled(database, actor, params.conversation_id, params.scheduled_message_id)
    reply.code(204)
    return null
  })
}

function schedulingRoute(app: Server, context: Context): void {
  const { database } = context
  acceptFilesInConversation(app, context)
  const create = {
    summary: 'Schedule a message',
    description: 'As JSON, or as a form, which can contain files. It is sent in your name at its time.',
    tags,
    params: Type.Object(conversation),
    body: {
      content: {
        'application/json': { schema: NewScheduledMessage },
        'multipart/form-data': { schema: NewScheduledMessageForm },
      },
    },
    response: { 201: ref(ScheduledMessage) },
  }
  app.post(base, { schema: create }, async ({ actor, params, body, upload }, reply) => {
    reply.code(201)
    return schedule(database, actor, params.conversation_id, body as NewScheduledMessage, upload)
  })
}
