import type { Context } from '../../../../http/feature.ts'
import type { Problem } from '../../../inboxes/channels.ts'
import type { EmailInbox } from '../inbox.ts'
import { connectionSentence } from '../mail-host.ts'
import type { SmtpSettings } from '../settings.ts'
import { isSignInError, NoServer, type SmtpError } from './smtp-failure.ts'
import { withServer } from './smtp-server.ts'
import { SmtpSession } from './smtp-session.ts'

/** Connects and signs in to the mail server of an inbox, and returns what is wrong with its settings. */
export async function checkSmtp(
  context: Context,
  inbox: EmailInbox,
  smtp: SmtpSettings,
  signal: AbortSignal,
): Promise<Problem[]> {
  try {
    const session = await withServer(context, inbox, smtp, (server) => SmtpSession.open(server, signal))
    session.quit()
    return []
  } catch (error) {
    if (error instanceof NoServer) return [{ field: error.field, message: error.message }]
    return [problemOf(error as SmtpError, inbox, smtp, signal.aborted)]
  }
}

function problemOf(
  error: SmtpError,
  { settings: { oauth } }: EmailInbox,
  smtp: SmtpSettings,
  isLate: boolean,
): Problem {
  const { code = '', originalCode = code, response = '', message } = error
  const { host, password } = smtp
  if (isSignInError(error)) {
    const said = response ? ` (${response.slice(0, 200)})` : ''
    const hint =
      oauth && !password ? 'sign in again to renew the access' : 'check them, or use an app password'
    const sentence = `${host} does not accept the user and the password${said}: ${hint}`
    return { field: 'smtp.password', message: sentence }
  }
  const connection = connectionSentence(smtp, isLate ? 'ETIMEDOUT' : originalCode, message)
  return { field: 'smtp', message: connection ?? `${host}: ${(response || message).slice(0, 300)}` }
}
