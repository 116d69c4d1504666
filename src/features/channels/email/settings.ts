import { type Static, Type } from 'typebox'
import { emailForm, filledText, nullable, oneOf, secretText } from '../../../lib/schema.ts'

const tls = oneOf(['implicit', 'starttls', 'none'], {
  description: '`none` is only for servers on this machine or in a private network.',
})
const server = {
  host: Type.String({
    maxLength: 253,
    pattern: '^[A-Za-z0-9.:_-]+$',
    errorMessage: 'must be the name or the address of a server',
  }),
  port: Type.Integer({ minimum: 1, maximum: 65_535 }),
  user: filledText(255),
  password: Type.Optional(secretText(1000, { description: 'Not needed with `oauth`.' })),
  tls,
}

/** The server from which an inbox gets its mails. */
export const ImapSettings = Type.Object({
  ...server,
  sent_folder: Type.Optional(
    filledText(255, {
      description: 'The folder of sent mails. Without it, the one that the server marks as such.',
    }),
  ),
})
export type ImapSettings = Static<typeof ImapSettings>

/** The server through which an inbox sends its mails. */
export const SmtpSettings = Type.Object({
  ...server,
  user: Type.Optional(server.user),
  dkim: Type.Optional(
    nullable(
      Type.Object({
        domain: Type.String({ maxLength: 253, pattern: '^[A-Za-z0-9.-]+$' }),
        selector: Type.String({ maxLength: 100, pattern: '^[A-Za-z0-9._-]+$' }),
        private_key: secretText(10_000, { description: 'In the PEM format.' }),
      }),
    ),
  ),
})
export type SmtpSettings = Static<typeof SmtpSettings>

/** A grant to use a mailbox without its password (XOAUTH2). */
export const OauthSettings = Type.Object({
  provider: oneOf(['google', 'microsoft', 'other']),
  client_id: filledText(255),
  client_secret: Type.Optional(secretText(1000)),
  refresh_token: secretText(5000),
  tenant: Type.Optional(
    Type.String({
      maxLength: 100,
      pattern: '^[A-Za-z0-9.-]+$',
      description: 'Of Microsoft; `common` by default.',
    }),
  ),
  token_url: Type.Optional(Type.String({ maxLength: 2048, description: 'Of another provider.' })),
})
export type OauthSettings = Static<typeof OauthSettings>

/** The settings of an e-mail inbox. */
export const EmailSettings = Type.Object({
  email: Type.String({ maxLength: 255, ...emailForm, description: 'The address of the inbox.' }),
  name: Type.Optional(
    nullable(
      Type.String({ maxLength: 255, description: 'The name of the sender; that of the inbox by default.' }),
    ),
  ),
  imap: Type.Optional(nullable(ImapSettings)),
  smtp: Type.Optional(nullable(SmtpSettings)),
  oauth: Type.Optional(nullable(OauthSettings)),
  inbound_secret: Type.Optional(
    secretText(255, {
      minLength: 20,
      // As the header Authorization can contain it.
      pattern: '^[!-~]+$',
      errorMessage: 'must be at least 20 letters, digits or signs without spaces',
      description:
        'Opens `POST /channels/email/:inbox_identifier/inbound`, for a mail server that delivers here.',
    }),
  ),
  trusted_relay: Type.Optional(
    nullable(
      filledText(253, {
        description:
          'The server whose `Authentication-Results` and `X-Spam` headers are true, as it calls itself there.',
      }),
    ),
  ),
  plus_addressing: Type.Optional(
    nullable(
      Type.Boolean({
        description:
          'Whether mails to `name+something@domain` arrive, too. By default, if there is `imap` or an `inbound_secret`.',
      }),
    ),
  ),
  auto_reply: Type.Optional(
    nullable(
      Type.String({
        maxLength: 5000,
        description:
          'Is sent to whoever begins a conversation: at most once a day to an address, and only if the `trusted_relay` vouches for it.',
      }),
    ),
  ),
  continues: Type.Optional(
    nullable(
      Type.Array(filledText(100), {
        maxItems: 20,
        description:
          'The `inbox_identifier`s of inboxes, such as widgets, whose conversations go on by mail: a contact who has an address, and who does not see the message of an agent for five minutes, gets it as a mail from here.',
      }),
    ),
  ),
  signature: Type.Optional(nullable(Type.String({ maxLength: 5000 }))),
})
export type EmailSettings = Static<typeof EmailSettings>

/** Whether answers to an inbox may go to its address with a suffix. */
export function usesPlusAddresses({ plus_addressing, imap, inbound_secret }: EmailSettings): boolean {
  return plus_addressing ?? Boolean(imap || inbound_secret)
}
