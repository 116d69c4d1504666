import type { Outcome, Sender } from '../../../../deliveries/sender.ts'
import type { LoggedEvent } from '../../../../events/read.ts'
import type { Context } from '../../../../http/feature.ts'
import { systemOf } from '../../../../lib/actor.ts'
import { getContact } from '../../../contacts/service.ts'
import { getConversation } from '../../../conversations/event-log.ts'
import { advanceStatus } from '../../../messages/change.ts'
import type { Message } from '../../../messages/schema.ts'
import { locateMessage } from '../../../moves/locate.ts'
import { isOwnAddress, messageIdOf, plusAddressOf } from '../anchors.ts'
import { type EmailInbox, emailInbox } from '../inbox.ts'
import { findMailbox } from '../mailbox.store.ts'
import { bodyOf } from '../outgoing/body.ts'
import { type MailDraft, senderOf } from '../outgoing/mail-of-message.ts'
import { sendMail } from '../outgoing/send.ts'
import { admitPeople } from '../people.ts'
import { usesPlusAddresses } from '../settings.ts'
import { selectUnseen, type UnseenMessage } from '../unseen-messages.store.ts'
import { continuedInboxes } from './continued-inboxes.ts'
import { findContinuationTarget, targetName } from './target.ts'

const minute = 60_000
/** How long an agent's message waits for the visitor to come back. */
const pause = 5 * minute

/** Creates the sender of mails with what agents have written after a visitor has left. */
export function continuationSender(context: Context): Sender {
  return {
    name: targetName,
    schedule: { timeout: 5 * minute, lease: 6 * minute, disableAfter: Number.POSITIVE_INFINITY },
    async targets(tx, accountId) {
      const targetId = await findContinuationTarget(tx, accountId)
      if (targetId === undefined) return () => []
      const inboxes = await continuedInboxes(tx, accountId)
      return (event) => {
        const isContinued = event.inbox_id !== null && inboxes.has(event.inbox_id) && isOfAgent(event)
        return isContinued ? [{ targetId, orderKey: event.conversation_id }] : []
      }
    },
    async send({ event, at, timeout }, _, signal) {
      const wait = (JSON.parse(event.data) as Message).created_at * 1000 + pause - at
      if (wait > 0) return { state: 'retry', reason: 'The visitor may come back.', after: wait }
      return sendUnseen(context, event, AbortSignal.any([signal, AbortSignal.timeout(timeout)]))
    },
    async finished(tx, { event: { account_id, conversation_id } }, outcome) {
      if (outcome.state !== 'sent' || !outcome.attributes) return
      const { sourceIds, email } = outcome.attributes as { sourceIds: [number, string][]; email: object }
      for (const [id, sourceId] of sourceIds) {
        const key = await locateMessage(tx, { account_id, conversation_id: conversation_id!, id })
        await advanceStatus(tx, key, { status: 'sent' }, { sourceId, attributes: { email } })
      }
    },
  }
}

function isOfAgent({ name, audience, data }: LoggedEvent): boolean {
  if (name !== 'message_created' || audience !== 'everyone') return false
  const { message_type, sender } = JSON.parse(data) as Message
  return message_type === 'outgoing' && sender?.type === 'User'
}

/** Sends the messages that a contact has not seen as one mail, if there are any and the contact has an address. */
async function sendUnseen(context: Context, event: LoggedEvent, signal: AbortSignal): Promise<Outcome> {
  const { account_id, inbox_id } = event
  const { read } = context.database
  const message = { account_id, conversation_id: event.conversation_id!, id: event.message_id! }
  const { conversation_id } = await locateMessage(read, message)
  const conversation = { account_id, conversation_id }
  const inboxId = (await continuedInboxes(read, account_id)).get(inbox_id!)
  const inbox = inboxId === undefined ? undefined : await emailInbox(read, { account_id, id: inboxId })
  const messages = inbox ? await selectUnseen(read, { ...conversation, id: event.message_id! }) : []
  const person = messages.length > 0 ? await recipientOf(context, conversation) : undefined
  if (!inbox || !person || isOwnAddress(inbox.settings.email, person.address)) return { state: 'sent' }
  const { anchor_key } = (await findMailbox(read, { account_id, inbox_id: inbox.id }))!
  await context.database.transaction(account_id, (tx) =>
    admitPeople(tx, conversation, inbox.settings.email, [person.address]),
  )
  const idOf = (id: number) => messageIdOf(anchor_key, { ...conversation, id }, inbox.settings.email)
  const replyTo = plusAddressOf(anchor_key, conversation.conversation_id, inbox.settings.email)
  const mail: MailDraft = {
    ...mailOf(inbox, messages),
    to: [person],
    messageId: idOf(messages.at(-1)!.id),
    // No mail has this id, but mail programs put those that refer to the same one together.
    references: [idOf(0)],
    ...(usesPlusAddresses(inbox.settings) ? { replyTo } : {}),
  }
  const outcome = await sendMail(context, inbox, mail, signal)
  if (outcome.state !== 'sent') return outcome
  const sourceIds = messages.map(({ id }) => [id, idOf(id)])
  return { state: 'sent', attributes: { ...outcome.attributes, sourceIds } }
}

async function recipientOf(
  { database: { read } }: Context,
  { account_id, conversation_id }: { account_id: number; conversation_id: number },
) {
  const system = systemOf(account_id)
  const { contact } = await getConversation(read, system, conversation_id)
  const { name, email, blocked } = await getContact(read, system, contact.id)
  return email === null || blocked ? undefined : { name: name === email ? null : name, address: email }
}

function mailOf(inbox: EmailInbox, messages: readonly UnseenMessage[]) {
  const from = senderOf(inbox)
  const text = messages.map(({ content }) => content).filter(Boolean)
  return {
    date: new Date(messages.at(-1)!.created_at),
    from,
    subject: `Your conversation with ${from.name}`,
    ...bodyOf(text.join('\n\n'), inbox.settings.signature),
    files: messages.flatMap(({ attachments }) =>
      attachments.map(({ file_name, key }) => ({ name: file_name, key })),
    ),
  }
}
