import type { ParsedMail } from '../parsed-mail.ts'

/** Why a mail is automatic. */
export type Automatic =
  | 'auto-submitted' // it says so (RFC 3834)
  | 'list' // it came from a mailing list, or to many at once
  | 'no return path' // it is a report of a mail server
  | 'suppressed' // its sender wants no automatic answers
  | 'role' // nobody reads the mails to its sender
  | 'no sender' // nobody could be answered
  | 'own' // a mail of this server, or in the name of the inbox, has come back

const lists = /^list-/
const bulk = /^\s*(?:bulk|junk|list|auto[_-]?reply)\b/i
const suppressed = /\b(?:all|oof|autoreply)\b/i
// Headers of programs that are older than RFC 3834.
const markers = new Set(['x-autoreply', 'x-autorespond', 'x-autoresponder', 'x-auto-reply-from', 'x-loop'])
const roles =
  /^(?:mailer-daemon|postmaster|mail-?daemon|nobody|root|daemon|listserv|majordomo|mdaemon|do[._-]?not[._-]?reply|no[._-]?reply|bounces?|microsoftexchange\w*)(?:[+._-].*)?$/i
const roleAffix = /^(?:owner|bounces?)-|-(?:request|owner|bounces?|noreply|no-reply)$/i

/**
 * Why nothing may be answered to a mail automatically; undefined if a person has written it. `own` tells whether it comes
 * from this server: whether a Message-ID is our own, or an address that of the inbox.
 */
export function automaticReason(
  mail: Pick<ParsedMail, 'headers' | 'from'>,
  own: { isMessageId(text: string): boolean; isAddress(address: string): boolean },
): Automatic | undefined {
  const headers = mail.headers.map(({ name, value }) => ({ name: name.toLowerCase(), value }))
  const values = (name: string) => headers.flatMap((header) => (header.name === name ? header.value : []))
  const address = mail.from?.address.trim().toLowerCase() ?? ''
  const local = address.slice(0, address.lastIndexOf('@'))
  if (values('auto-submitted').some((value) => !/^\s*no\b/i.test(value))) return 'auto-submitted'
  if (headers.some(({ name }) => markers.has(name))) return 'auto-submitted'
  if (headers.some(({ name }) => lists.test(name))) return 'list'
  if (values('precedence').some((value) => bulk.test(value))) return 'list'
  if (values('return-path').some((value) => /^\s*<\s*>/.test(value))) return 'no return path'
  if (values('x-auto-response-suppress').some((value) => suppressed.test(value))) return 'suppressed'
  if (local === '') return 'no sender'
  if (own.isAddress(address) || values('message-id').some(own.isMessageId)) return 'own'
  if (roles.test(local) || roleAffix.test(local)) return 'role'
  return undefined
}
