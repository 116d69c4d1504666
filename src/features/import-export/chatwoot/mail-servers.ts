import { channel as email } from '../../channels/email/channel.ts'
import type { EmailSettings, ImapSettings, SmtpSettings } from '../../channels/email/settings.ts'
import { channels } from '../../inboxes/channels.ts'
import type { Move } from './move.ts'
import type { SourceMailChannel } from './source-mail.store.ts'

/** The servers of an e-mail inbox. */
export type MailServers = Pick<EmailSettings, 'imap' | 'smtp'>

/** Whether these are valid settings of an e-mail inbox; otherwise a sentence that says why not. */
export function settingsProblem({ database }: Move, settings: EmailSettings): string | undefined {
  const { check, of, config } = channels.of(database)
  const [mismatch] = check(email.type, settings)
  const problem = mismatch ?? of(email.type).verify?.(settings, config)[0]
  return problem && `${problem.field} ${problem.message}`
}

/**
 * The servers of an e-mail inbox that can be used here. The report says what is missing, and what to enter instead; `name`
 * is that of the inbox.
 */
export function mailServers(move: Move, name: string, row: SourceMailChannel): MailServers {
  const { report } = move
  if (row.provider === 'google' || row.provider === 'microsoft') {
    report.remark(
      'e-mail inbox that signs in with OAuth: that grant is for Chatwoot, so enter one for Ndoto',
      `${name}, ${row.provider}`,
    )
    return {}
  }
  if (!row.imap_enabled)
    report.remark(
      'e-mail inbox whose mails were forwarded to Chatwoot: add its IMAP server, or let your mail server deliver here',
      `${name}, ${row.forward_to_email}`,
    )
  if (!row.smtp_enabled)
    report.remark(
      'e-mail inbox that was sent through a server in the environment of Chatwoot: add its SMTP server',
      name,
    )
  const imap = row.imap_enabled ? checked(move, name, row, 'imap', imapOf(row)) : undefined
  const smtp = row.smtp_enabled ? checked(move, name, row, 'smtp', smtpOf(row)) : undefined
  return { ...(imap ? { imap } : {}), ...(smtp ? { smtp } : {}) }
}

function imapOf(row: SourceMailChannel): ImapSettings {
  return {
    host: row.imap_address?.trim() ?? '',
    port: row.imap_port ?? 0,
    user: row.imap_login?.trim() ?? '',
    ...(row.imap_password ? { password: row.imap_password } : {}),
    tls: row.imap_enable_ssl === false ? 'none' : 'implicit',
  }
}

function smtpOf(row: SourceMailChannel): SmtpSettings {
  const isImplicit = row.smtp_enable_ssl_tls || row.smtp_port === 465
  return {
    host: row.smtp_address?.trim() ?? '',
    port: row.smtp_port ?? 0,
    ...(row.smtp_login?.trim() ? { user: row.smtp_login.trim() } : {}),
    ...(row.smtp_password ? { password: row.smtp_password } : {}),
    tls: isImplicit ? 'implicit' : row.smtp_enable_starttls_auto === false ? 'none' : 'starttls',
  }
}

function checked<S extends ImapSettings | SmtpSettings>(
  move: Move,
  name: string,
  { email: address }: SourceMailChannel,
  kind: 'imap' | 'smtp',
  server: S,
): S | undefined {
  const { report } = move
  const where = `${name}, ${server.user ? `${server.user} at ` : ''}${server.host}:${server.port}`
  const protocol = kind.toUpperCase()
  if (isSealed(server.password)) {
    report.remark(
      `e-mail inbox without its ${protocol} server, whose password Chatwoot has encrypted: enter both in its settings`,
      where,
    )
    return undefined
  }
  const problemOf = (one: S) => settingsProblem(move, { email: address ?? '', [kind]: one })
  const problem = problemOf(server)
  if (problem === undefined) return server
  // Chatwoot used it without TLS, which is refused here unless the server is in a private network.
  const secured = { ...server, tls: 'starttls' as const }
  if (server.tls === 'none' && problemOf(secured) === undefined) {
    report.remark(`${protocol} server that was used without TLS, now with STARTTLS`, where)
    return secured
  }
  report.remark(`e-mail inbox without its ${protocol} server, which cannot be used`, `${where} ${problem}`)
  return undefined
}

/** Whether a value is encrypted with the keys of Rails, which are in the environment of Chatwoot. */
function isSealed(value: string | undefined): boolean {
  return value?.startsWith('{"p":') ?? false
}
