import { hash } from 'node:crypto'
import type { Readable } from 'node:stream'
import type { MailPerson } from '../schema.ts'

/** A file of a mail. */
export interface MailFile {
  /** From whose end its type is known. */
  name: string
  /** By which the HTML shows it. */
  contentId?: string | undefined
  content: Readable | Buffer
}

/** A mail that is about to be sent. */
export interface OutgoingMail {
  /** With angle brackets. */
  messageId: string
  date: Date
  from: MailPerson
  to: readonly MailPerson[]
  cc?: readonly MailPerson[]
  /** Gets the mail, but is in none of its headers. */
  bcc?: readonly MailPerson[]
  replyTo?: string | undefined
  subject: string
  /** Message-IDs with angle brackets, oldest first: of the mail that it answers, and of those before. */
  inReplyTo?: string | undefined
  references?: readonly string[]
  text: string
  html: string
  /** Says that nobody has written it for this occasion (RFC 3834), so that no program answers it. */
  automatic?: 'auto-replied' | 'auto-generated' | undefined
}

/** The key that signs the mails of a domain (RFC 6376). */
export interface DkimKey {
  domain: string
  selector: string
  /** PEM. */
  private_key: string
}

/** The sender and the recipients as the mail server gets them. */
export interface Envelope {
  from: string
  to: string[]
}

/** The recipients of a mail, each once. */
export function envelopeOf({ from, to, cc = [], bcc = [] }: OutgoingMail): Envelope {
  const addresses = [...to, ...cc, ...bcc].map(({ address }) => address)
  return { from: from.address, to: [...new Map(addresses.map((one) => [one.toLowerCase(), one])).values()] }
}

function mailboxOf({ name, address }: MailPerson) {
  return { name: name ?? '', address }
}

/** Writes a mail as it is sent (RFC 5322), in text and HTML. The same mail is always the same bytes. */
export async function composeMail(
  mail: OutgoingMail,
  files: readonly MailFile[] = [],
  dkim?: DkimKey | null,
): Promise<Readable> {
  // Loaded with the first mail, because most servers send none.
  const { default: MailComposer } = await import('nodemailer/lib/mail-composer')
  const { messageId, automatic } = mail
  const headers: Record<string, string> = { 'X-Ndoto-Message-ID': messageId }
  if (automatic) {
    headers['Auto-Submitted'] = automatic
    headers['X-Auto-Response-Suppress'] = 'All'
  }
  const node = new MailComposer({
    messageId,
    date: mail.date,
    from: mailboxOf(mail.from),
    to: mail.to.map(mailboxOf),
    cc: mail.cc?.map(mailboxOf),
    replyTo: mail.replyTo,
    subject: mail.subject,
    inReplyTo: mail.inReplyTo,
    references: [...(mail.references ?? [])],
    headers,
    text: mail.text,
    html: mail.html,
    attachments: files.map(({ name, contentId, content }) => ({
      filename: name,
      content,
      ...(contentId === undefined ? {} : { cid: contentId }),
    })),
    baseBoundary: hash('sha256', messageId).slice(0, 32),
    // Nothing in a message may make nodemailer read a file or call a URL.
    disableFileAccess: true,
    disableUrlAccess: true,
  }).compile()
  const raw = node.createReadStream()
  if (!dkim) return raw
  const { default: DKIM } = await import('nodemailer/lib/dkim')
  const { domain, selector, private_key } = dkim
  return new DKIM({ domainName: domain, keySelector: selector, privateKey: private_key }).sign(raw)
}
