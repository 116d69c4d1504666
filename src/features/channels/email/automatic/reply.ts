import type { Queries } from '../../../../db/database.ts'
import { follow } from '../../../../events/follow.ts'
import type { LoggedEvent } from '../../../../events/read.ts'
import type { Message } from '../../../messages/schema.ts'
import { postAutomatic } from '../../../messages/service.ts'
import { claimAutomaticMail, isFirstMessage } from '../automatic-mails.store.ts'
import { emailInbox } from '../inbox.ts'
import type { EmailAttributes } from '../schema.ts'

/** Confirms that a mail has arrived, in inboxes with an `auto_reply`. Follows the accounts that have an e-mail inbox. */
export const automaticReplies = follow('automatic replies', {
  from: 'call',
  async step(tx, { events }) {
    for (const event of events) await confirm(tx, event)
    return undefined
  },
})

/**
 * Answers the first mail of a conversation: to its sender alone, and only if a relay vouches for the address, because
 * everybody can write that of another person. The answer has no text of the mail, so nobody can make us send what they want.
 */
async function confirm(tx: Queries, { account_id, name, audience, data }: LoggedEvent): Promise<void> {
  if (name !== 'message_created' || audience !== 'everyone') return
  const { id, message_type, inbox_id, conversation_id, content_attributes } = JSON.parse(data) as Message
  const email = content_attributes.email as EmailAttributes | undefined
  if (message_type !== 'incoming' || !email?.from || !email.sender_verified) return
  if (email.automatic || email.spam) return
  const inbox = await emailInbox(tx, { account_id, id: inbox_id })
  const text = inbox?.settings.auto_reply?.trim()
  if (!text || !(await isFirstMessage(tx, { account_id, conversation_id, id }))) return
  const { address } = email.from
  if (!(await claimAutomaticMail(tx, { account_id, address, now: Date.now() }))) return
  await postAutomatic(tx, account_id, conversation_id, {
    content: text,
    content_attributes: { automatic: true, to_emails: [address] },
  })
}
