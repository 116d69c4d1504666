import type { ParsedMail } from '../parsed-mail.ts'
import { type RecipientStatus, readDeliveryStatus, sentenceOf } from './delivery-status.ts'
import { readUnstructuredReport } from './unstructured-report.ts'

/** What a mail server reports about a mail that it could not, or not yet, deliver. */
export interface DeliveryReport {
  outcome: 'failed' | 'delayed' | 'delivered'
  /** The addresses that it is about, as far as the report names them. */
  recipients: string[]
  /** A sentence for agents. */
  reason: string
  /**
   * The Message-IDs that can be those of the mail, with angle brackets; the likeliest first. The report says nothing about
   * who has sent it: it must only concern a mail that this server knows.
   */
  messageIds: string[]
}

// Characters of each part that are read, and how many Message-IDs are returned.
const maxText = 64 * 1024
const maxMessageIds = 50

/**
 * Reads a report about the delivery of a mail: one of RFC 3464, or one of the kinds that qmail, Exim, older versions of
 * sendmail and some others write as text. Returns undefined for any other mail, also for an automatic answer of a person.
 */
export function readDeliveryReport(
  mail: Pick<ParsedMail, 'headers' | 'from' | 'text' | 'report'>,
): DeliveryReport | undefined {
  const text = mail.text.slice(0, maxText)
  const recipients = readDeliveryStatus(mail.report?.status.slice(0, maxText) ?? '')
  const found = recipients.length > 0 ? recipients : readUnstructuredReport(mail, text)
  if (!found) return undefined
  const messageIds = [
    ...messageIdsOf(headOf(mail.report?.original.slice(0, maxText) ?? '')),
    ...messageIdsOf(text),
    ...mail.headers.flatMap(({ name, value }) => (references.has(name.toLowerCase()) ? idsIn(value) : [])),
  ]
  return { ...summaryOf(found), messageIds: [...new Set(messageIds)].slice(0, maxMessageIds) }
}

function summaryOf(all: readonly RecipientStatus[]): Omit<DeliveryReport, 'messageIds'> {
  const outcomes = ['failed', 'delayed', 'delivered'] as const
  const outcome = outcomes.find((one) => all.some((recipient) => recipient.outcome === one))!
  const concerned = all.filter((recipient) => recipient.outcome === outcome)
  const recipients = concerned.flatMap(({ address }) => address ?? [])
  return { outcome, recipients, reason: sentenceOf(concerned[0]!, recipients) }
}

const references = new Set(['in-reply-to', 'references', 'x-ms-exchange-parent-message-id'])

// Some servers replace the Message-ID; then our copy of it is still in the mail.
const headers = /^[\t >]{0,8}(?:x-ndoto-message-id|message-id)\s{0,3}:\s{0,3}(<[^<>\s]{1,998}>)/gim

/** The Message-IDs in the headers of a returned mail; first our copy. */
function messageIdsOf(text: string): string[] {
  const found = [...text.matchAll(headers)]
  const own = found.filter(([line]) => /x-ndoto/i.test(line))
  return [...own, ...found].map(([, id]) => id!)
}

function idsIn(text: string): string[] {
  return text.slice(0, maxText).match(/<[^<>\s]{1,998}>/g) ?? []
}

/** The headers of a mail, unfolded. */
function headOf(text: string): string {
  const unfolded = text.replace(/\r\n/g, '\n').replace(/\n[\t ]/g, ' ')
  const end = unfolded.indexOf('\n\n')
  return end === -1 ? unfolded : unfolded.slice(0, end)
}
