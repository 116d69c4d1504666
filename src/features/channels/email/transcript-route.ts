import { Type } from 'typebox'
import type { Context } from '../../../http/feature.ts'
import type { Server } from '../../../http/server.ts'
import { emailForm, id } from '../../../lib/schema.ts'
import { sendTranscript } from './outgoing/transcript.ts'

/** The route that sends a conversation by mail. */
export function transcriptRoute(app: Server, context: Context): void {
  const schema = {
    summary: 'Send a conversation by mail',
    description:
      'Sends what its contact can see, to the contact or to an agent. The response comes when a mail server has taken it.',
    tags: ['Conversations'],
    params: Type.Object({ account_id: id(), conversation_id: id() }),
    body: Type.Object({
      email: Type.String({
        maxLength: 255,
        ...emailForm,
        description: 'The address of the contact, or of an agent of the account.',
      }),
    }),
    response: { 204: Type.Null({ description: 'The mail was sent.' }) },
  }
  app.post(
    '/conversations/:conversation_id/transcript',
    { schema },
    async ({ actor, params, body }, reply) => {
      await sendTranscript(context, actor, params.conversation_id, body.email)
      reply.code(204)
      return null
    },
  )
}
