import { Type } from 'typebox'
import type { Context } from '../../../http/feature.ts'
import type { Server } from '../../../http/server.ts'
import { id, ref } from '../../../lib/schema.ts'
import { Conversation } from '../../conversations/schema.ts'
import { getMailboxState } from './mailbox-state.ts'
import { Mailbox, StoredMail } from './schema.ts'
import { changeSpam } from './spam.ts'
import { openRawMail, readStoredMail } from './stored-mail.ts'

const params = Type.Object({ account_id: id(), conversation_id: id(), message_id: id() })
const path = '/conversations/:conversation_id/messages/:message_id/email'
const tags = ['Messages']

/** The routes that show the mail of a message. */
export function mailRoutes(app: Server, context: Context): void {
  const reading = {
    summary: 'Get the whole mail of a message',
    description: 'With its HTML, its text with everything that it quotes, and its header.',
    tags,
    params,
    response: { 200: StoredMail },
  }
  app.get(path, { schema: reading }, ({ actor, params: { conversation_id, message_id } }) =>
    readStoredMail(context, actor, conversation_id, message_id),
  )

  const downloading = {
    summary: 'Download the raw mail of a message',
    tags,
    params,
    response: {
      200: { description: 'The mail.', content: { 'message/rfc822': { schema: Type.String() } } },
    },
  }
  app.addSchema(Mailbox)
  const watching = {
    summary: 'Get the state of a mailbox',
    description: 'Whether the mails of an e-mail inbox arrive, and why not.',
    tags: ['Inboxes'],
    params: Type.Object({ account_id: id(), inbox_id: id() }),
    response: { 200: ref(Mailbox) },
  }
  app.get('/inboxes/:inbox_id/mailbox', { schema: watching }, ({ actor, params }) =>
    getMailboxState(context.database.read, actor, params.inbox_id),
  )

  const marking = {
    summary: 'Mark a conversation as spam, or not',
    description:
      'Spam is resolved and has the label `spam`. The mails of a sender who has another conversation are not treated as spam.',
    tags: ['Conversations'],
    params: Type.Object({ account_id: id(), conversation_id: id() }),
    body: Type.Object({ spam: Type.Boolean() }),
    response: { 200: ref(Conversation) },
  }
  app.post('/conversations/:conversation_id/spam', { schema: marking }, ({ actor, params, body }) =>
    changeSpam(context.database, actor, params.conversation_id, body.spam),
  )

  app.get(`${path}/raw`, { schema: downloading }, async ({ actor, params }, reply) => {
    const stream = await openRawMail(context, actor, params.conversation_id, params.message_id)
    reply.headers({
      'content-type': 'message/rfc822',
      'content-disposition': `attachment; filename="message-${params.message_id}.eml"`,
      'x-content-type-options': 'nosniff',
    })
    return reply.send(stream as never)
  })
}
