import type { Context } from '../../../../http/feature.ts'
import type { EmailInbox } from '../inbox.ts'
import { resolveMailHost } from '../mail-host.ts'
import { accessTokens } from '../oauth.ts'
import type { SmtpSettings } from '../settings.ts'
import { isSignInError, NoServer } from './smtp-failure.ts'
import type { SmtpServer } from './smtp-session.ts'

/**
 * Calls a function with the mail server of an inbox. If the server refuses a token of the provider, calls it once more with
 * a new one. Rejects as `use` does, or with `NoServer`.
 */
export async function withServer<T>(
  context: Context,
  inbox: EmailInbox,
  smtp: SmtpSettings,
  use: (server: SmtpServer) => Promise<T>,
): Promise<T> {
  const server = await serverOf(context, inbox, smtp)
  const { accessToken } = server
  try {
    return await use(server)
  } catch (error) {
    if (accessToken === undefined || !isSignInError(error)) throw error
    accessTokens.of(context).forget(inbox, accessToken)
  }
  return use(await serverOf(context, inbox, smtp))
}

async function serverOf(context: Context, inbox: EmailInbox, smtp: SmtpSettings): Promise<SmtpServer> {
  const { host, port, tls, user, password } = smtp
  const fail = (field: NoServer['field']) => (cause: unknown) => {
    throw new NoServer(field, cause)
  }
  const address = await resolveMailHost(context, smtp).catch(fail('smtp.host'))
  // With a password, mails are sent through another provider than the one that grants access to the mailbox.
  const usesToken = inbox.settings.oauth && user !== undefined && !password
  if (!usesToken) return { host, address, port, tls, user, password }
  const accessToken = await accessTokens.of(context).get(context, inbox).catch(fail('smtp'))
  return { host, address, port, tls, user, accessToken }
}
