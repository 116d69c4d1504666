import type { Queries } from '../../../db/database.ts'
import { notFound } from '../../../lib/errors.ts'
import { isContactBlocked } from '../../contacts/parts.store.ts'
import { findOrCreateContact } from '../../customers/receive.ts'
import { findChannelInbox } from '../../inboxes/service.ts'
import { isOwnAddress, readMessageId } from './anchors.ts'
import { channel } from './channel.ts'
import type { EmailInbox } from './inbox.ts'
import { automaticOf, contactOf, senderOf } from './incoming.ts'
import { findThreads } from './mail.store.ts'
import { contentOf } from './mail-attributes.ts'
import { findMailbox } from './mailbox.store.ts'
import type { ParsedMail } from './parsed-mail.ts'
import type { EmailAttributes, MailPerson } from './schema.ts'
import { anchorsOf, findAnsweredConversation, findThread } from './threading.ts'

/** An e-mail inbox that gets the mails of another program. */
export interface ArchiveInbox {
  inbox: EmailInbox
  /** The key of the anchors of the inbox. */
  key: string
}

/** What an archived mail becomes. */
export interface ArchivedMail {
  message_type: 'incoming' | 'outgoing'
  /** The contact who has written it; null if it is outgoing. */
  author_id: number | null
  /** Its conversation, or the contact who gets a new one, with the contact's name in the inbox. */
  place: { conversation_id: number } | { contact_id: number; identity: string }
  content: string
  email: EmailAttributes & { automatic?: string; linked_conversation_id?: number }
}

/** Opens an inbox for an archive. Returns undefined if it does not exist or is not an e-mail inbox. */
export async function openArchiveInbox(
  queries: Queries,
  account_id: number,
  id: number,
): Promise<ArchiveInbox | undefined> {
  const inbox = await findChannelInbox(queries, account_id, id)
  if (inbox?.channel_type !== channel.type) return undefined
  const mailbox = await findMailbox(queries, { account_id, inbox_id: id })
  return { inbox: inbox as EmailInbox, key: mailbox?.anchor_key ?? '' }
}

/** Those of these `source_id`s that messages of the inbox have, or that mails have which were sent from here. */
export async function findKnownMails(
  queries: Queries,
  { inbox, key }: ArchiveInbox,
  sourceIds: readonly string[],
): Promise<Set<string>> {
  const { account_id, id: inbox_id } = inbox
  const stored = await findThreads(queries, { account_id, inbox_id }, sourceIds)
  const sent = sourceIds.filter((id) => readMessageId(key, id)?.account_id === account_id)
  return new Set([...stored.keys(), ...sent])
}

/**
 * Finds or creates the contact of a mail, and finds its conversation, as if it arrived now. A mail from the address of the
 * inbox is outgoing. Returns a sentence if it has no contact, and undefined if the contact is blocked. Throws `not_found` if
 * the inbox was deleted.
 */
export async function placeArchivedMail(
  tx: Queries,
  archive: ArchiveInbox,
  mail: ParsedMail,
): Promise<ArchivedMail | string | undefined> {
  const { account_id, id } = archive.inbox
  if (!(await findChannelInbox(tx, account_id, id))) throw notFound('inbox')
  return isSent(archive, mail) ? placeSent(tx, archive, mail) : placeReceived(tx, archive, mail)
}

/** Forms on websites send to the inbox from its own address, and name the visitor in Reply-To: nobody here has written them. */
function isSent({ inbox }: ArchiveInbox, { from, reply_to, to, cc }: ParsedMail): boolean {
  const isOwn = ({ address }: MailPerson) => isOwnAddress(inbox.settings.email, address)
  if (!from || !isOwn(from)) return false
  const isForm = reply_to[0] !== undefined && !isOwn(reply_to[0]) && [...to, ...cc].every(isOwn)
  return !isForm
}

async function placeReceived(
  tx: Queries,
  { inbox, key }: ArchiveInbox,
  mail: ParsedMail,
): Promise<ArchivedMail | undefined> {
  const of = { account_id: inbox.account_id, inbox_id: inbox.id }
  const sender = senderOf({ mail, inbox })
  const identity = sender.address
  const { contact_id } = await findOrCreateContact(tx, of, { identity, contact: contactOf(sender) })
  if (await isContactBlocked(tx, of.account_id, contact_id)) return undefined
  const author = { ...of, contact_id, address: sender.address }
  const { conversation, linked } = await findThread(tx, key, anchorsOf(key, mail), author)
  const { content, email } = contentOf(mail, inbox.settings)
  // It would ask agents to judge a mail that somebody has dealt with long ago.
  const { spam: _, ...shown } = email
  const link = linked ? { linked_conversation_id: linked.id } : {}
  const attributes = { ...shown, ...automaticOf({ mail, inbox, key }), ...link }
  const place = conversation ? { conversation_id: conversation.id } : { contact_id, identity }
  return { message_type: 'incoming', author_id: contact_id, place, content, email: attributes }
}

async function placeSent(
  tx: Queries,
  { inbox, key }: ArchiveInbox,
  mail: ParsedMail,
): Promise<ArchivedMail | string> {
  const of = { account_id: inbox.account_id, inbox_id: inbox.id }
  const { content, email } = contentOf(mail, { email: inbox.settings.email })
  const sent = { message_type: 'outgoing' as const, author_id: null, content, email }
  const conversation_id = await findAnsweredConversation(tx, key, anchorsOf(key, mail), of)
  if (conversation_id !== undefined) return { ...sent, place: { conversation_id } }
  const recipient = [...mail.to, ...mail.cc].find(
    ({ address }) => !isOwnAddress(inbox.settings.email, address),
  )
  if (!recipient) return 'the mail is from the inbox and names no recipient outside of it'
  const identity = recipient.address
  const { contact_id } = await findOrCreateContact(tx, of, { identity, contact: contactOf(recipient) })
  return { ...sent, place: { contact_id, identity } }
}
