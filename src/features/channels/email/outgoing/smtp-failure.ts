import { Refusal } from '../../../../lib/errors.ts'
import type { Outcome } from '../../channel.ts'
import type { RejectedRecipient } from './smtp-session.ts'

/** An error of nodemailer. */
export interface SmtpError extends Error {
  code?: string
  /** The code of the system, such as `ECONNREFUSED`. */
  originalCode?: string
  command?: string
  response?: string
  responseCode?: number
}

/** Why a connection to a mail server was not even tried: a sentence for administrators. */
export class NoServer extends Error {
  /** The field of the settings that is to blame. */
  readonly field: 'smtp' | 'smtp.host'

  constructor(field: NoServer['field'], cause: unknown) {
    super((cause as Error).message, { cause })
    this.field = field
  }
}

type Failure = Exclude<Outcome, { state: 'sent' }>

const minute = 60_000
const maxResponse = 400
// Replies that concern the account at the mail server, which an administrator can put in order, not the mail.
const signInReplies = new Set([530, 534, 535, 538])
// Commands before the mail: a server that refuses them does so for every mail.
const beforeMail = /^(?:CONN|API|EHLO|LHLO|HELO|STARTTLS|AUTH)/

/** Whether an error says that the server does not accept who signs in. */
export function isSignInError(error: unknown): boolean {
  const { code, responseCode } = error as SmtpError
  return (
    code === 'EAUTH' || code === 'EOAUTH2' || (responseCode !== undefined && signInReplies.has(responseCode))
  )
}

/**
 * What an error in sending a mail through `host` means: whether the mail may be accepted later, and a sentence for agents.
 */
export function failureOf(error: unknown, host: string): Failure {
  const { code, command = '', response = '', responseCode, message } = error as SmtpError
  const said = quoted(response)
  if (error instanceof NoServer) return { state: 'retry', reason: `The mail cannot be sent: ${message}.` }
  if (error instanceof Refusal) {
    if (error.code !== 'not_found') return { state: 'retry', reason: message }
    return { state: 'failed', reason: 'A file of the message no longer exists.' }
  }
  if (isSignInError(error)) {
    const reason = `${host} does not accept the user name or the password of this inbox${said}`
    return { state: 'retry', reason, after: minute }
  }
  if (responseCode !== undefined && !beforeMail.test(command)) {
    if (responseCode >= 500 && responseCode !== 503) {
      return { state: 'failed', reason: `${host} has refused the mail${said}` }
    }
    // A server that lists greylisted senders looks whether they come again, but not at once.
    return { state: 'retry', reason: `${host} does not accept the mail at the moment${said}`, after: minute }
  }
  if (code === 'EENVELOPE' || code === 'EMESSAGE') {
    return { state: 'failed', reason: `The mail cannot be sent: ${message}.` }
  }
  return { state: 'retry', reason: connectionProblem(error as SmtpError, host) }
}

function connectionProblem(error: SmtpError, host: string): string {
  const { code, originalCode = code, responseCode, response = '', message } = error
  if (code === 'ETLS' || isCertificateError(originalCode)) {
    return `The connection to ${host} cannot be encrypted: ${message}.`
  }
  if (responseCode !== undefined) return `${host} accepts no mails at the moment${quoted(response)}`
  if (originalCode === 'ECONNREFUSED') return `${host} refuses connections to this port.`
  if (originalCode === 'ENETUNREACH' || originalCode === 'EHOSTUNREACH') return `${host} cannot be reached.`
  if (code === 'ETIMEDOUT') return `${host} did not respond in time.`
  return `The connection to ${host} was lost: ${message}.`
}

function isCertificateError(code = ''): boolean {
  return /CERT|SELF_SIGNED|ERR_TLS|ERR_SSL|UNABLE_TO_/.test(code)
}

/** What became of a mail that the server took for some of its recipients, and refused for these. */
export function partlyRejected(rejected: readonly RejectedRecipient[], host: string): Failure {
  const [{ address, response }] = rejected as [RejectedRecipient]
  const more = rejected.length > 1 ? ` and ${rejected.length - 1} more` : ''
  // Sent again, it would reach the others twice.
  const reason = `${host} has refused the mail for ${address}${more}, and sent it to the others${quoted(response)}`
  return { state: 'failed', reason }
}

function quoted(response: string): string {
  const text = response.replace(/\s+/g, ' ').trim().slice(0, maxResponse)
  return text ? `: ${text}` : '.'
}
