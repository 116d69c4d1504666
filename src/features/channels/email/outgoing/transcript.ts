import { randomUUID } from 'node:crypto'
import type { Queries } from '../../../../db/database.ts'
import type { Context } from '../../../../http/feature.ts'
import type { Actor } from '../../../../lib/actor.ts'
import { normalizeEmail } from '../../../../lib/email.ts'
import { invalid, Refusal } from '../../../../lib/errors.ts'
import { mailer } from '../../../../lib/mail.ts'
import { getConversation } from '../../../conversations/event-log.ts'
import { findCurrentConversationRef } from '../../../conversations/merged.ts'
import type { Conversation } from '../../../conversations/schema.ts'
import { findChannelInbox } from '../../../inboxes/service.ts'
import { messagesAfter } from '../../../messages/messages-after.ts'
import type { Message } from '../../../messages/schema.ts'
import { roleOf, userIdByEmail } from '../../../users/service.ts'
import type { EmailInbox } from '../inbox.ts'
import { bodyOf } from './body.ts'
import { senderOf } from './mail-of-message.ts'
import { sendMail } from './send.ts'

// Characters. Longer conversations are cut.
const maxText = 500_000
// Milliseconds that a request waits for the mail server.
const timeout = 30_000

/**
 * Sends the messages of a conversation that its contact can see by mail, or of the one that it was merged into: through
 * the mail server of its inbox, otherwise that of the server. Throws `not_found`, `invalid` if the address is neither that
 * of the contact nor of an agent of the account, and `unavailable` if the mail cannot be sent. `name` is the first part of
 * the id of the mail.
 */
export async function sendTranscript(
  context: Context,
  actor: Actor,
  conversationId: number,
  email: string,
  name: string = randomUUID(),
): Promise<void> {
  const { read, longReads } = context.database
  const { id } = await findCurrentConversationRef(read, actor, conversationId)
  const conversation = await getConversation(read, actor, id)
  await assertMayGet(read, actor.accountId, conversation, email)
  const inbox = await findChannelInbox(read, actor.accountId, conversation.inbox_id)
  const text = await textOf(longReads, actor, id)
  const subject = `Transcript of ${conversation.subject ?? `conversation ${id}`}`
  if (inbox?.channel_type === 'email') {
    return sendThroughInbox(context, inbox as unknown as EmailInbox, { name, email, subject, text })
  }
  const { mail, publicUrl } = context.config
  if (mail.url === undefined)
    throw new Refusal('unavailable', 'this server sends no mails: SMTP_URL is not set')
  const send = mailer(mail.url, mail.from ?? `Ndoto <ndoto@${new URL(publicUrl).hostname}>`)
  await send({ to: { name: '', address: email }, subject, text }).catch((cause) => {
    throw new Refusal('unavailable', 'the mail server does not accept mails at the moment', { cause })
  })
}

/** Throws `invalid` if an address is neither that of the contact nor of an agent of the account. */
export async function assertMayGet(
  queries: Queries,
  accountId: number,
  { contact }: Conversation,
  email: string,
): Promise<void> {
  if (contact.email !== null && normalizeEmail(email) === normalizeEmail(contact.email)) return
  const userId = await userIdByEmail(queries, email)
  if (userId !== undefined && (await roleOf(queries, accountId, userId))) return
  throw invalid('email', 'must be the address of the contact or of an agent of this account')
}

async function sendThroughInbox(
  context: Context,
  inbox: EmailInbox,
  { name, email, subject, text }: { name: string; email: string; subject: string; text: string },
): Promise<void> {
  const from = senderOf(inbox)
  const mail = {
    messageId: `<${name}@${from.address.split('@').at(-1)}>`,
    date: new Date(),
    from,
    to: [{ name: null, address: email }],
    subject,
    ...bodyOf(text, inbox.settings.signature),
    files: [],
  }
  const outcome = await sendMail(context, inbox, mail, AbortSignal.timeout(timeout))
  if (outcome.state !== 'sent') throw new Refusal('unavailable', outcome.reason)
}

/** The messages that the contact can see, the oldest first. */
async function textOf(queries: Queries, actor: Actor, conversationId: number): Promise<string> {
  let text = ''
  let lastId = 0
  for (;;) {
    const messages = await messagesAfter(queries, actor, conversationId, lastId)
    if (messages.length === 0) return text.trim() || 'This conversation has no messages.'
    for (const message of messages) text += paragraphOf(message)
    if (text.length > maxText)
      return `${text.slice(0, maxText).toWellFormed()}\n\n(The conversation is longer.)`
    lastId = messages.at(-1)!.id
  }
}

function paragraphOf({
  private: isPrivate,
  message_type,
  sender,
  created_at,
  content,
  attachments,
}: Message) {
  if (isPrivate || message_type === 'activity') return ''
  const time = new Date(created_at * 1000).toISOString().slice(0, 16).replace('T', ' ')
  const files = attachments.map(({ file_name }) => `[${file_name}]`)
  return `${sender?.name ?? 'Automatic answer'}, ${time} UTC\n${[content, ...files].filter(Boolean).join('\n')}\n\n`
}
