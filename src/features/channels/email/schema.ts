import { type Static, Type } from 'typebox'
import { id, named, nullable, oneOf, seconds } from '../../../lib/schema.ts'

/** A person in the header of a mail. */
export const MailPerson = Type.Object({ name: nullable(Type.String()), address: Type.String() })
export type MailPerson = Static<typeof MailPerson>

const people = (description: string) => Type.Array(MailPerson, { description })

/** The most people that a message shows for each of To, Cc and Bcc; `recipients_truncated` counts the others. */
export const mostShownPeople = 50

/** `content_attributes.email` of a message in an e-mail inbox. Everything in it is bounded. */
export const EmailAttributes = Type.Object({
  subject: Type.String({ description: '`` if it has none.' }),
  from: nullable(MailPerson),
  to: people(`The first ${mostShownPeople}.`),
  cc: people(`The first ${mostShownPeople}.`),
  bcc: Type.Optional(people('Only of mails that were sent from here.')),
  reply_to: Type.Optional(people('If it differs from the sender.')),
  inbox_addresses: Type.Optional(
    Type.Array(Type.String(), { description: 'Those of `to` and `cc` that are the inbox itself.' }),
  ),
  recipients_truncated: Type.Optional(Type.Integer({ description: 'How many people are left out.' })),
  message_id: nullable(Type.String()),
  in_reply_to: Type.Optional(Type.String()),
  date: Type.Optional(seconds('When it was written, according to its header.')),
  sender_verified: Type.Boolean({
    description: 'Whether the `trusted_relay` of the inbox says that the address of the sender is genuine.',
  }),
  has_html: Type.Boolean(),
  quoted: Type.Optional(Type.String({ description: 'The beginning of the mails that it quotes.' })),
  signature: Type.Optional(Type.String()),
  truncated: Type.Optional(Type.Literal(true, { description: 'The text is longer than `content`.' })),
  files_omitted: Type.Optional(
    Type.Integer({ description: 'Files that are only in the raw mail: too many, or too large.' }),
  ),
  unreadable: Type.Optional(Type.Literal(true, { description: 'It could not be parsed: see the raw mail.' })),
  automatic: Type.Optional(
    Type.String({
      description: 'Why it is not from a person, in a word: it is never answered automatically.',
    }),
  ),
  spam: Type.Optional(Type.Literal(true, { description: 'The `trusted_relay` has marked it as spam.' })),
  linked_conversation_id: Type.Optional(
    id('It answers a mail in this conversation, in which its sender does not take part.'),
  ),
})
export type EmailAttributes = Static<typeof EmailAttributes>

/** A mail in full: `GET .../messages/:message_id/email`. */
export const StoredMail = Type.Object({
  subject: Type.String(),
  from: nullable(MailPerson),
  to: Type.Array(MailPerson),
  cc: Type.Array(MailPerson),
  html: nullable(Type.String({ description: 'As it was sent. Show it only in a sandbox.' })),
  text: nullable(Type.String()),
  headers: Type.Array(Type.Object({ name: Type.String(), value: Type.String() })),
  has_raw: Type.Boolean({ description: 'Whether the raw mail is stored.' }),
})
export type StoredMail = Static<typeof StoredMail>

/** A record that an administrator publishes in the DNS. */
export const DnsRecord = Type.Object(
  { name: Type.String(), value: Type.String() },
  { description: 'The TXT record that publishes the key of `smtp.dkim`; null without one.' },
)
export type DnsRecord = Static<typeof DnsRecord>

/** Whether the mails of an inbox arrive: `GET /inboxes/:id/mailbox`. */
export const Mailbox = named(
  'Mailbox',
  Type.Object({
    state: oneOf(['waiting', 'connected', 'failing'], {
      description: '`waiting` before the first connection, and if the inbox has no `imap`.',
    }),
    error: nullable(Type.String({ description: 'Why it is failing: a sentence for administrators.' })),
    failing_since: nullable(seconds()),
    connected_at: nullable(seconds('When it was read last.')),
    received_at: nullable(seconds('When the newest mail was stored.')),
    lag: nullable(Type.Number({ description: 'Seconds from the arrival of that mail until it was stored.' })),
    dkim_record: nullable(DnsRecord),
  }),
)
export type Mailbox = Static<typeof Mailbox>
