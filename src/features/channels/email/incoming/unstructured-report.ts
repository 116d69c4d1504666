import type { ParsedMail } from '../parsed-mail.ts'
import { addressIn, type RecipientStatus } from './delivery-status.ts'

const daemons =
  /^(?:mailer-daemon|mail-?daemon|postmaster|mdaemon|mail\.?delivery|microsoftexchange\w*|maildelivery[\w-]*)@/i
const failure =
  /undeliver|not be delivered|wasn't able to deliver|unable to deliver|delivery (?:has |to .{0,200})?failed|delivery failure|did not reach|permanent (?:fatal )?error|returned mail|user unknown|couldn't be delivered|address(?:es)? failed/i
const delay =
  /not yet been delivered|has been delayed|delivery delayed|delayed mail|transient non-fatal|will (?:be retried|keep trying|continue to try)|still being retried|warning: could not send/i
const permanent = /permanent (?:fatal )?error|given up/i
const smtpReply = /\b[45]\d\d[ -]#?[45]\.\d{1,3}\.\d{1,3}\b.{0,300}|\b5[0-5]\d[ -][A-Za-z<].{0,300}/
// Where the copy of the mail begins: whatever is in it must not be taken for the report.
const copy =
  /^[\s-]{0,20}(?:this is a copy of|below this line is a copy|original message|unsent message|forwarded message|message headers? follows?)/im

/**
 * Reads a report that is a text for people, as qmail, Exim, sendmail without DSN and some others write it. Returns
 * undefined if the mail is not from a mail server, or its text does not say that a delivery has failed or is late.
 */
export function readUnstructuredReport(
  { headers, from }: Pick<ParsedMail, 'headers' | 'from'>,
  text: string,
): [RecipientStatus] | undefined {
  const value = (key: string) => headers.find(({ name }) => name.toLowerCase() === key)?.value
  const failed = value('x-failed-recipients')
  const isReport = /^\s*multipart\/report\b/i.test(value('content-type') ?? '')
  const isFromServer = daemons.test(from?.address ?? '') || /^\s*<\s*>/.test(value('return-path') ?? '')
  if (failed === undefined && !isFromServer && !isReport) return undefined
  const end = text.search(copy)
  const report = `${value('subject') ?? ''}\n${end === -1 ? text : text.slice(0, end)}`
  const isLate = delay.test(report) && !permanent.test(report)
  // An automatic answer of a person has no return path either, and may quote our mail.
  if (failed === undefined && !isLate && !failure.test(report)) return undefined
  if (failed === undefined && !isReport && !daemons.test(from?.address ?? '')) return undefined
  const diagnostic = smtpReply.exec(report)?.[0].trim()
  return [
    {
      outcome: isLate ? 'delayed' : 'failed',
      address: addressIn(failed ?? afterSubject(report)),
      status: /\b[45]\.\d{1,3}\.\d{1,3}\b/.exec(diagnostic ?? '')?.[0],
      diagnostic,
    },
  ]
}

function afterSubject(report: string): string {
  return report.slice(report.indexOf('\n'))
}
