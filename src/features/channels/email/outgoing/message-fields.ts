import { type Static, Type } from 'typebox'
import { emailForm, id } from '../../../../lib/schema.ts'
import { checker } from '../../../../lib/validate.ts'
import type { Problem } from '../../../inboxes/channels.ts'

/** The most recipients of a mail: To, Cc and Bcc together. */
export const mostRecipients = 50

const addresses = Type.Optional(
  Type.Array(Type.String({ maxLength: 255, ...emailForm }), { maxItems: mostRecipients }),
)

/** The fields of `content_attributes` that say how a message goes out by mail. */
export const MailFields = Type.Object({
  /** Of the mail. By default that of the conversation, with `Re:`. */
  subject: Type.Optional(Type.String({ maxLength: 500 })),
  /** Instead of the contact. */
  to_emails: addresses,
  cc_emails: addresses,
  bcc_emails: addresses,
  /** A message of the conversation that is forwarded to `to_emails`, with its files. */
  forwarded_message_id: Type.Optional(id()),
})
export type MailFields = Static<typeof MailFields>

/** The names of these fields, and of those that only the server sets. */
const serverFields = ['email', 'automatic']
export const messageFields = [...Object.keys(MailFields.properties), ...serverFields]

const check = checker(MailFields)

/** What is wrong with the fields of a message. */
export function verifyMailFields(attributes: Record<string, unknown>): Problem[] {
  const forged = serverFields.find((name) => Object.hasOwn(attributes, name))
  if (forged) return [{ field: forged, message: 'can be set only by the server: leave it out' }]
  const problems = check(attributes)
  if (problems.length > 0) return problems
  const { to_emails = [], cc_emails = [], bcc_emails = [], forwarded_message_id } = attributes as MailFields
  if (to_emails.length + cc_emails.length + bcc_emails.length > mostRecipients) {
    const message = `must be at most ${mostRecipients} addresses together with cc_emails and bcc_emails`
    return [{ field: 'to_emails', message, code: 'too_many_items' }]
  }
  if (forwarded_message_id !== undefined && to_emails.length === 0) {
    return [{ field: 'to_emails', message: 'is required with forwarded_message_id', code: 'required' }]
  }
  return []
}
