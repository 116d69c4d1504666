import { isOwnAddress } from './anchors.ts'
import type { ParsedMail } from './parsed-mail.ts'
import { splitReply } from './reply-text.ts'
import { type EmailAttributes, type MailPerson, mostShownPeople } from './schema.ts'
import { isMarkedAsSpam, isSenderVerified } from './sender-verdict.ts'

/** What a mail becomes as a message. */
export interface MailContent {
  content: string
  email: EmailAttributes
}

// Characters. Together with the people it must fit into the 64 KiB of content_attributes, whatever it contains.
const longest = { quoted: 4000, signature: 1000, name: 60, address: 254, content: 150_000 }

/**
 * The text and the attributes of the message of a mail. `email` is the address of the inbox, and `trusted_relay` who says
 * whether the sender is genuine.
 */
export function contentOf(
  mail: ParsedMail,
  { email: own, trusted_relay: relay }: { email: string; trusted_relay?: string | null | undefined },
): MailContent {
  const { text, quoted, signature } = splitReply(mail.text)
  const { subject, from, message_id, in_reply_to, date, has_html, files_omitted, unreadable } = mail
  const [to, cc] = shownPeople(mail.to, mail.cc)
  const left = mail.to.length + mail.cc.length - to.length - cc.length + mail.recipients_truncated
  const replyTo = mail.reply_to.filter(({ address }) => address !== from?.address).slice(0, 1)
  const email: EmailAttributes = {
    subject,
    from: from && shown(from),
    to,
    cc,
    ...(replyTo.length > 0 ? { reply_to: replyTo.map(shown) } : {}),
    ...(left > 0 ? { recipients_truncated: left } : {}),
    message_id,
    ...(in_reply_to[0] ? { in_reply_to: in_reply_to[0] } : {}),
    ...(date === null ? {} : { date: Math.floor(date / 1000) }),
    sender_verified: isSenderVerified(mail, relay),
    has_html,
    ...(quoted ? { quoted: cut(quoted, longest.quoted) } : {}),
    ...(signature ? { signature: cut(signature, longest.signature) } : {}),
    ...(text.length > longest.content ? { truncated: true as const } : {}),
    ...(files_omitted > 0 ? { files_omitted } : {}),
    ...(unreadable ? { unreadable: true as const } : {}),
    ...(isMarkedAsSpam(mail) ? { spam: true as const } : {}),
    ...inboxAddresses(own, [...to, ...cc]),
  }
  return { content: contentFor(mail, text), email }
}

/** By which of its addresses a mail has reached the inbox, so that an answer to everybody leaves them out. */
function inboxAddresses(own: string, people: MailPerson[]) {
  const addresses = people.map(({ address }) => address).filter((address) => isOwnAddress(own, address))
  return addresses.length > 0 ? { inbox_addresses: addresses } : {}
}

/** A message must not be empty, unless it has files. */
function contentFor({ files, subject, unreadable }: ParsedMail, text: string): string {
  if (unreadable) return 'This mail could not be read. It is attached as a file.'
  if (text !== '' || files.length > 0) return text
  return subject || '(This mail is empty.)'
}

function shownPeople(to: MailPerson[], cc: MailPerson[]): [MailPerson[], MailPerson[]] {
  const first = to.slice(0, mostShownPeople)
  return [first.map(shown), cc.slice(0, mostShownPeople - first.length).map(shown)]
}

function shown({ name, address }: MailPerson): MailPerson {
  return { name: name && cut(name, longest.name), address: cut(address, longest.address) }
}

function cut(text: string, length: number): string {
  return text.slice(0, length).toWellFormed()
}
