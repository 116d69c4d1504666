import type { EmailAttributes } from '../../../src/features/channels/email/schema.ts'
import type { Message } from '../data/api-types.ts'

export type { MailPerson, StoredMail } from '../../../src/features/channels/email/schema.ts'

/** What a message says about the mail that it was, or became. That of an older version may lack some. */
export type Mail = Partial<EmailAttributes>

/** Returns the mail of a message, undefined if it is not one. */
export function mailOf({ content_attributes }: Message): Mail | undefined {
  return content_attributes.email as Mail | undefined
}
