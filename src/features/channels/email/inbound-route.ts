import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { LocalFile } from '../../../files/storage.ts'
import { writeTemporaryFile } from '../../../files/temporary-files.ts'
import type { Context } from '../../../http/feature.ts'
import type { Server } from '../../../http/server.ts'
import { networkOf } from '../../../lib/addresses.ts'
import { Refusal } from '../../../lib/errors.ts'
import { Quota } from '../../../lib/quota.ts'
import { id } from '../../../lib/schema.ts'
import { isSameSecret } from '../../../lib/secrets.ts'
import { findInboxByIdentifier } from '../../inboxes/service.ts'
import type { EmailInbox } from './inbox.ts'
import { receiveMail } from './incoming.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Set on the route to which mail servers deliver. */
    emailInbox: EmailInbox
  }
}

/** The largest mail, in bytes: that of most providers is half of it. */
export const largestMail = 64 * 1024 * 1024
// Wrong secrets from one network for one inbox in 15 minutes.
const mostWrongSecrets = 30
const window = 15 * 60_000

/**
 * Adds the route to which a mail server delivers. The secret is checked before the body is read, and the response is sent
 * once the mail is stored: until then the mail server keeps it, and repeats it.
 */
export function inboundRoute(app: Server, context: Context, channelType: string): void {
  app.register(async (scope) => {
    addRoute(scope as never, context, channelType)
  })
}

function addRoute(app: Server, context: Context, channelType: string): void {
  const { files } = context
  const sentence = 'too many wrong secrets from this network; try again later'
  const wrongSecrets = new Quota({ most: mostWrongSecrets, window, sentence })
  app.decorateRequest('emailInbox', null as unknown as EmailInbox)
  app.addHook('preParsing', async (request) => {
    request.emailInbox = await inboxOf(request, context, channelType, wrongSecrets)
  })
  const readMail = async (_: FastifyRequest, body: AsyncIterable<Buffer> & NodeJS.ReadableStream) => {
    await files.diskSpace.assertEnough()
    let size = 0
    return writeTemporaryFile(files.temporaryDirectory, body as never, async (bytes) => {
      size += bytes
      if (size > largestMail) throw new Refusal('too_large', `a mail can have at most ${largestMail} bytes`)
    })
  }
  ;(app as unknown as FastifyInstance).addContentTypeParser(
    'message/rfc822',
    { bodyLimit: largestMail },
    readMail as never,
  )
  const schema = {
    summary: 'Deliver a mail to an e-mail inbox',
    description:
      'For mail servers. The body is the raw mail, and the token is the `inbound_secret` of the inbox. Repeat it unless the status is 2xx: a mail is stored once.',
    tags: ['Inboxes'],
    params: Type.Object({ inbox_identifier: Type.String({ maxLength: 100 }) }),
    body: {
      content: {
        'message/rfc822': { schema: Type.Unsafe<LocalFile>({ type: 'string', maxLength: largestMail }) },
      },
    },
    response: {
      200: Type.Object({
        state: Type.String({
          description:
            '`stored`, `known` if it came before, `blocked` if its sender is, `handled` if it is no message, such as a delivery report.',
        }),
        conversation_id: Type.Optional(id()),
        message_id: Type.Optional(id()),
      }),
    },
  }
  const config = { public: true, rateLimit: false as const }
  app.post(
    '/channels/email/:inbox_identifier/inbound',
    // The body is a file on disk, which no schema describes.
    { schema, config, validatorCompiler: () => () => true, bodyLimit: largestMail },
    async ({ body, emailInbox }) => {
      const result = await receiveMail(context, emailInbox, body as LocalFile)
      if (!('id' in result)) return { state: result.state }
      return { state: result.state, conversation_id: result.conversation_id, message_id: result.id }
    },
  )
}

async function inboxOf(
  request: FastifyRequest,
  { database }: Context,
  type: string,
  wrongSecrets: Quota,
): Promise<EmailInbox> {
  const { inbox_identifier } = request.params as { inbox_identifier: string }
  const found = await findInboxByIdentifier(database.read, inbox_identifier)
  const inbox = found?.channel_type === type ? (found as unknown as EmailInbox) : undefined
  const [, token = ''] = /^Bearer\s+(\S+)$/i.exec(request.headers.authorization ?? '') ?? []
  const secret = inbox?.settings.inbound_secret
  // Before the comparison: after too many wrong secrets, the right one is refused, too.
  const key = `${inbox_identifier.slice(0, 100)} from ${networkOf(request.ip)}`
  wrongSecrets.take(key)
  // The same response for an unknown inbox, so that nobody learns which exist.
  if (!inbox || !secret || !isSameSecret(token, secret)) {
    throw new Refusal(
      'unauthenticated',
      'send the inbound_secret of the inbox as `Authorization: Bearer SECRET`',
    )
  }
  wrongSecrets.giveBack(key)
  return inbox
}
