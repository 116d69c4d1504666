/** What became of a mail to one address. */
export interface RecipientStatus {
  outcome: 'failed' | 'delayed' | 'delivered'
  address: string | undefined
  /** The class, subject and detail of RFC 3463, such as `5.1.1`. */
  status: string | undefined
  /** What the mail server has said. */
  diagnostic: string | undefined
}

const maxRecipients = 50
const maxDiagnostic = 400

/** Reads the `message/delivery-status` of a report (RFC 3464): its recipients with an action that is known. */
export function readDeliveryStatus(text: string): RecipientStatus[] {
  const blocks = text.replace(/\r\n?/g, '\n').split(/\n[\t ]*\n/)
  return blocks.flatMap((block) => recipientOf(fieldsOf(block)) ?? []).slice(0, maxRecipients)
}

function fieldsOf(block: string): Map<string, string> {
  const lines = block.replace(/\n[\t ]+/g, ' ').split('\n')
  return new Map(
    lines.flatMap((line) => {
      const colon = line.indexOf(':')
      return colon > 0 ? [[line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()]] : []
    }),
  )
}

function recipientOf(fields: Map<string, string>): RecipientStatus | undefined {
  const recipient = fields.get('original-recipient') ?? fields.get('final-recipient')
  const action = /^\w+/.exec(fields.get('action') ?? '')?.[0].toLowerCase()
  const status = /\b[245]\.\d{1,3}\.\d{1,3}\b/.exec(fields.get('status') ?? '')?.[0]
  if (!recipient && !action) return undefined
  const outcome = outcomeOf(action, status)
  const diagnostic = withoutType(fields.get('diagnostic-code') ?? '') || undefined
  return outcome && { outcome, address: addressIn(withoutType(recipient ?? '')), status, diagnostic }
}

function outcomeOf(action: string | undefined, status: string | undefined) {
  if (action === 'failed') return 'failed'
  if (action === 'delayed') return 'delayed'
  if (action && ['delivered', 'relayed', 'expanded'].includes(action)) return 'delivered'
  // Some servers leave the action out, or translate it.
  return status === undefined
    ? undefined
    : ({ 2: 'delivered', 4: 'delayed', 5: 'failed' } as const)[status[0]!]
}

/** The value behind the type of a field: `ann@example.com` of `rfc822; ann@example.com`. */
function withoutType(value: string): string {
  return value.replace(/^[\w-]{1,30}\s?;\s?/, '').trim()
}

// Begins only at the beginning of a word: otherwise each character of a long one would be tried.
const address = /(?<![^\s<>()@,;:"])[^\s<>()@,;:"]{1,64}@[^\s<>()@,;:"]{1,255}/

/** The first e-mail address in a text. */
export function addressIn(text: string): string | undefined {
  return address.exec(text)?.[0]
}

// What the details of RFC 3463 mean, for reports that say nothing else.
const meanings: Record<string, string> = {
  '1.1': 'the address does not exist',
  '1.2': 'the domain of the address does not exist',
  '1.3': 'the address is not valid',
  '1.10': 'the domain of the address accepts no mail',
  '2.1': 'the mailbox is disabled',
  '2.2': 'the mailbox is full',
  '2.3': 'the mail is too large for the mailbox',
  '3.4': 'the mail is too large for the server',
  '4.1': 'the server of the address does not respond',
  '4.4': 'the server of the address cannot be found',
  '4.7': 'it could not be delivered in time',
  '7.1': 'the server of the address refuses mails of this sender',
}

/** A sentence for agents that says what happened to a mail to these addresses, and why. */
export function sentenceOf({ outcome, status, diagnostic }: RecipientStatus, recipients: string[]): string {
  const to = recipients.length > 0 ? ` to ${listOf(recipients)}` : ''
  const what = {
    failed: `The mail${to} could not be delivered`,
    delayed: `The mail${to} has not been delivered yet`,
    delivered: `The mail${to} was delivered`,
  }[outcome]
  const why = diagnostic?.replace(/\s+/g, ' ').trim().slice(0, maxDiagnostic)
  const reason = why || (status && (meanings[status.slice(2)] ?? `the server has reported ${status}`))
  return `${reason ? `${what}: ${reason}` : what}${reason && /[.!?]$/.test(reason) ? '' : '.'}`
}

function listOf(addresses: string[]): string {
  const shown = [...new Set(addresses)]
  return shown.length <= 3 ? shown.join(', ') : `${shown.slice(0, 3).join(', ')} and ${shown.length - 3} more`
}
