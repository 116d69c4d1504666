import { storedName } from '../../../../files/names.ts'
import type { Context } from '../../../../http/feature.ts'
import type { Message } from '../../../messages/schema.ts'
import type { Outgoing } from '../../channel.ts'
import { isOwnAddress, messageIdOf, plusAddressOf } from '../anchors.ts'
import { findMailbox } from '../mailbox.store.ts'
import { findSubject, selectFilesOf, selectSourcesBefore } from '../outgoing-mail.store.ts'
import type { EmailAttributes, MailPerson } from '../schema.ts'
import { type EmailSettings, usesPlusAddresses } from '../settings.ts'
import { bodyOf, replySubject } from './body.ts'
import type { MailFile, OutgoingMail } from './compose.ts'
import { findForwarded, forwardedText, forwardSubject } from './forwarding.ts'
import type { MailFields } from './message-fields.ts'

/** A mail, and where its files are stored. */
export interface MailDraft extends OutgoingMail {
  files: { name: string; key: string; contentId?: string | undefined }[]
}

// The Message-IDs in `References`: the first one, and the nearest.
const maxReferences = 20
const messageId = /^<[^<>\s]{1,250}>$/

/** The mail of a message that an agent has written; or why there is none, as a sentence for agents. */
export async function mailOfMessage(
  context: Context,
  { inbox, message, contact, identity }: Outgoing<EmailSettings>,
): Promise<MailDraft | string> {
  const { read } = context.database
  const { account_id, settings } = inbox
  const fields = message.content_attributes as MailFields & { automatic?: unknown }
  const conversation = { account_id, conversation_id: message.conversation_id }
  const key = { ...conversation, id: message.id }
  const addressed = recipientsOf(fields, contact.name, identity ?? contact.email)
  if (addressed.length === 0) return 'The contact has no e-mail address.'
  // A mail to the inbox itself would come back as a message.
  const isOther = ({ address }: MailPerson) => !isOwnAddress(settings.email, address)
  const to = addressed.filter(isOther)
  const cc = peopleOf(fields.cc_emails).filter(isOther)
  const bcc = peopleOf(fields.bcc_emails).filter(isOther)
  if (to.length + cc.length + bcc.length === 0) return 'The mail has no recipient but the inbox itself.'
  const forwarded = fields.forwarded_message_id
    ? await findForwarded(read, conversation, fields.forwarded_message_id)
    : undefined
  if (fields.forwarded_message_id && !forwarded) return 'The message to forward does not exist.'
  const mailbox = await findMailbox(read, { account_id, inbox_id: inbox.id })
  if (!mailbox) return 'The inbox was deleted.'
  const { anchor_key } = mailbox
  const references = forwarded ? [] : referencesOf(await selectSourcesBefore(read, key))
  const own = (await selectFilesOf(read, key)).map(({ file_name, key }) => ({ name: file_name, key }))
  const text = message.content ?? ''
  const { files, ...body } = forwarded
    ? await forwardedText(context, account_id, text, forwarded)
    : { text, html: undefined, files: [] }
  return {
    messageId: messageIdOf(anchor_key, key, settings.email),
    date: new Date(message.created_at * 1000),
    from: senderOf(inbox),
    to,
    cc,
    bcc,
    ...(usesPlusAddresses(settings)
      ? { replyTo: plusAddressOf(anchor_key, message.conversation_id, settings.email) }
      : {}),
    subject: subjectOf(inbox, fields, await findSubject(read, conversation), references, forwarded),
    ...(references.length > 0 ? { inReplyTo: references.at(-1)!, references } : {}),
    ...bodyOf(body.text, settings.signature, body.html),
    files: [...own, ...files],
    ...(fields.automatic === true ? { automatic: 'auto-replied' as const } : {}),
  }
}

/** The sender of the mails of an inbox. */
export function senderOf({ name, settings }: { name: string; settings: EmailSettings }): MailPerson {
  return { name: settings.name?.trim() || name, address: settings.email }
}

function recipientsOf(fields: MailFields, name: string, address: string | null): MailPerson[] {
  if (fields.to_emails?.length) return peopleOf(fields.to_emails)
  return address ? [{ name: name === address ? null : name, address }] : []
}

function peopleOf(addresses: readonly string[] = []): MailPerson[] {
  return addresses.map((address) => ({ name: null, address }))
}

/** The Message-IDs that lead to the thread, the oldest first. Other channels have other names for messages. */
function referencesOf(sourceIds: readonly string[]): string[] {
  const ids = sourceIds.filter((id) => messageId.test(id))
  return ids.length <= maxReferences ? ids : [ids[0]!, ...ids.slice(1 - maxReferences)]
}

function subjectOf(
  inbox: { name: string; settings: EmailSettings },
  { subject }: MailFields,
  ofConversation: string | null,
  references: readonly string[],
  forwarded: Message | undefined,
): string {
  if (subject?.trim()) return subject.trim()
  const email = forwarded?.content_attributes.email as Partial<EmailAttributes> | undefined
  if (forwarded) return forwardSubject(email?.subject || ofConversation || '')
  const own = ofConversation?.trim() || `Message from ${senderOf(inbox).name}`
  return references.length > 0 ? replySubject(own) : own
}

/** Opens the files of a mail. Rejects with a Refusal if one does not exist. */
export async function openFiles(
  { files: { storage } }: Pick<Context, 'files'>,
  accountId: number,
  files: MailDraft['files'],
): Promise<MailFile[]> {
  const opened: MailFile[] = []
  for (const { name, key, contentId } of files) {
    opened.push({ name, contentId, content: await storage.get(storedName(accountId, key)) })
  }
  return opened
}

/** `content_attributes.email` of a message that was sent as this mail. */
export function attributesOf(mail: MailDraft): EmailAttributes {
  const { subject, from, to, cc = [], bcc = [], messageId, inReplyTo, date } = mail
  return {
    subject,
    from,
    to: [...to],
    cc: [...cc],
    ...(bcc.length > 0 ? { bcc: [...bcc] } : {}),
    message_id: messageId,
    ...(inReplyTo ? { in_reply_to: inReplyTo } : {}),
    date: Math.floor(date.getTime() / 1000),
    sender_verified: true,
    has_html: true,
  }
}

/** The addresses that get the mail in addition to the contact, who takes part in the conversation anyway. */
export function othersOf(
  { to, cc = [], bcc = [] }: MailDraft,
  { contact, identity }: Outgoing<EmailSettings>,
): string[] {
  const own = (identity ?? contact.email)?.toLowerCase()
  const addresses = [...to, ...cc, ...bcc].map(({ address }) => address)
  return addresses.filter((one) => one.toLowerCase() !== own)
}
