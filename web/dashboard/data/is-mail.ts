import type { Message } from './api-types.ts'
import { isMailInbox } from './directory.ts'

/** Whether a message was or becomes a mail, and shows more than its text. */
export function isMail({ inbox_id, content_attributes }: Message): boolean {
  const { email, automatic, forwarded_message_id } = content_attributes
  return (
    Boolean(email) || (isMailInbox(inbox_id) && (automatic === true || forwarded_message_id !== undefined))
  )
}
