import type { ImapFlow, ImapFlowOptions } from 'imapflow'
import type { Context } from '../../../http/feature.ts'
import type { EmailInbox } from './inbox.ts'
import { connectionSentence, resolveMailHost } from './mail-host.ts'
import { accessTokens } from './oauth.ts'

// Milliseconds.
const connectionTimeout = 15_000
const socketTimeout = 5 * 60_000
// Larger ones are read in pieces, so a literal of this size is never asked for.
const maxLiteralSize = 80 * 1024 * 1024

/**
 * Signs in to the IMAP server of an inbox. The connection is closed when `signal` is aborted. Throws an error with a
 * sentence for administrators.
 */
export async function connectImap(
  context: Context,
  inbox: EmailInbox,
  signal: AbortSignal,
): Promise<ImapFlow> {
  const { imap, oauth } = inbox.settings
  if (!imap) throw new Error('the inbox has no imap settings')
  const address = await resolveMailHost(context, imap)
  const token = oauth ? await accessTokens.of(context).get(context, inbox) : undefined
  // Loaded with the first mailbox.
  const { ImapFlow } = await import('imapflow')
  const client = new ImapFlow({
    host: address,
    port: imap.port,
    servername: imap.host,
    secure: imap.tls === 'implicit',
    // Otherwise somebody on the way could hide that the server offers TLS, and read the password.
    doSTARTTLS: imap.tls === 'implicit' ? undefined : imap.tls === 'starttls',
    auth: token ? { user: imap.user, accessToken: token } : { user: imap.user, pass: imap.password ?? '' },
    logger: false,
    disableAutoIdle: true,
    connectionTimeout,
    socketTimeout,
    maxLiteralSize,
    maxIdleTime: 4 * 60_000,
  } as ImapFlowOptions)
  // Without a listener an error ends the process. It also closes the connection, which commands then report.
  client.on('error', () => {})
  const close = () => client.close()
  signal.addEventListener('abort', close)
  client.once('close', () => signal.removeEventListener('abort', close))
  try {
    await client.connect()
    return client
  } catch (error) {
    client.close()
    if (token && isAuthenticationError(error)) accessTokens.of(context).forget(inbox, token)
    throw new Error(sentenceOf(error, inbox), { cause: error })
  }
}

function isAuthenticationError(error: unknown): boolean {
  return (error as { authenticationFailed?: boolean }).authenticationFailed === true
}

/** What an administrator can do about an error. */
export function sentenceOf(error: unknown, { settings: { imap, oauth } }: EmailInbox): string {
  const { host } = imap!
  const {
    code = '',
    message,
    responseText,
  } = error as { code?: string; message: string; responseText?: string }
  if (isAuthenticationError(error)) {
    const said = responseText ? ` (${responseText.slice(0, 200)})` : ''
    const hint = oauth ? 'sign in again to renew the access' : 'check them, or use an app password'
    return `${host} does not accept the user and the password${said}: ${hint}`
  }
  const sentence = connectionSentence(imap!, code, message)
  if (sentence) return sentence
  return `${host}: ${(responseText || message || code).slice(0, 300)}`
}
