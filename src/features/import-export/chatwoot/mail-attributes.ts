import { isOwnAddress } from '../../channels/email/anchors.ts'
import { type EmailAttributes, type MailPerson, mostShownPeople } from '../../channels/email/schema.ts'
import { sourceIdOf } from '../../channels/email/threading.ts'

// Characters, as in the mails that arrive here.
const longest = { subject: 500, address: 254, quoted: 4000 }

/**
 * What a message says about the mail that it was, in the shape that mails have here; undefined if Chatwoot has stored none.
 * `attributes` are those of the message, and `own` is the address of its inbox.
 */
export function mailAttributes(
  attributes: Record<string, unknown>,
  own: string | undefined,
): EmailAttributes | undefined {
  const mail = objectOf(attributes.email)
  const [from] = peopleOf(mail.from)
  if (!from) return undefined
  const to = peopleOf(mail.to).slice(0, mostShownPeople)
  const cc = peopleOf(mail.cc).slice(0, mostShownPeople - to.length)
  const addresses = [...to, ...cc].map(({ address }) => address)
  const reached = own === undefined ? [] : addresses.filter((address) => isOwnAddress(own, address))
  const date = Date.parse(textOf(mail.date))
  const quoted = textOf(objectOf(mail.text_content).quoted).slice(0, longest.quoted).toWellFormed()
  const [answered] = listOf(mail.in_reply_to)
  return {
    subject: textOf(mail.subject).slice(0, longest.subject).toWellFormed(),
    ...{ from, to, cc },
    message_id: textOf(mail.message_id) ? mailSourceId(textOf(mail.message_id)) : null,
    ...(textOf(answered) ? { in_reply_to: mailSourceId(textOf(answered)) } : {}),
    ...(Number.isNaN(date) ? {} : { date: Math.floor(date / 1000) }),
    sender_verified: false,
    has_html: false,
    ...(quoted ? { quoted } : {}),
    ...(reached.length > 0 ? { inbox_addresses: reached } : {}),
  }
}

/** The Message-ID of a mail as mails have it here: with angle brackets, which Chatwoot takes off. */
export function mailSourceId(messageId: string): string {
  const plain = messageId.trim()
  return sourceIdOf(plain.includes('@') && !plain.startsWith('<') ? `<${plain}>` : plain)
}

/** The addresses of all who take part in a mail, by the attributes of its message here. */
export function mailAddresses(attributes: Record<string, unknown>): string[] {
  const { from, to = [], cc = [] } = objectOf(attributes.email) as Partial<EmailAttributes>
  const people = [...(from ? [from] : []), ...to, ...cc]
  const lists = [attributes.to_emails, attributes.cc_emails, attributes.bcc_emails]
  return [...people, ...lists.flatMap(peopleOf)].map(({ address }) => address)
}

function peopleOf(list: unknown): MailPerson[] {
  return listOf(list).flatMap((one) => {
    const address = textOf(one).trim()
    const isAddress = /^[^\s@]+@[^\s@]+$/.test(address) && address.length <= longest.address
    return isAddress ? [{ name: null, address: address.toWellFormed() }] : []
  })
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : value === null || value === undefined ? [] : [value]
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function objectOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}
