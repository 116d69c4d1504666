import { isIP } from 'node:net'
import type { Context } from '../../../http/feature.ts'
import { isPublic } from '../../../lib/addresses.ts'
import { resolveAddresses } from '../../../lib/destination.ts'
import type { Problem } from '../../inboxes/channels.ts'

interface MailServer {
  host: string
  tls: 'implicit' | 'starttls' | 'none'
}

/** What is wrong with the name of a mail server, as far as its text shows it; `at` is the field, such as `imap`. */
export function hostProblems(
  at: string,
  { host, tls }: MailServer,
  { webhookAllowPrivate }: Context['config'],
): Problem[] {
  const isPrivate = isIP(host) ? !isPublic(host) : /(?:^|\.)localhost\.?$/i.test(host)
  if (isPrivate && !webhookAllowPrivate) return [{ field: `${at}.host`, message: privateRule }]
  const isOwn = isPrivate || (!isIP(host) && /^[^.]+$|\.(?:local|internal|lan)$/i.test(host))
  if (tls === 'none' && !isOwn) return [{ field: `${at}.tls`, message: tlsRule }]
  return []
}

const privateRule =
  'must not lead to a private or reserved address (the server allows it with NDOTO_WEBHOOK_ALLOW_PRIVATE=true)'
const tlsRule = 'must not be none: only a server on this machine or in a private network may do without TLS'

/**
 * The address to connect to. Connect to it, not to the name: a second lookup could return one that was not checked. Throws
 * an error with a sentence for administrators.
 */
export async function resolveMailHost(
  { config, resolve }: Pick<Context, 'config' | 'resolve'>,
  { host, tls }: MailServer,
): Promise<string> {
  const allowPrivate = config.webhookAllowPrivate
  const found = await resolveAddresses({ url: new URL('tcp://mail'), host }, allowPrivate, resolve)
  if (found === 'dns') throw new Error(`${host} cannot be found: check the name of the server`)
  if (found === 'blocked' || (!allowPrivate && !isPublicOnly(found)))
    throw new Error(`${host} ${privateRule}`)
  if (tls === 'none' && found.some(({ address }) => isPublic(address))) throw new Error(`tls ${tlsRule}`)
  return found[0]!.address
}

/**
 * What an administrator can do about a connection to a mail server that was not made; undefined if it was made, and
 * something else went wrong. `code` and `message` are those of the error.
 */
export function connectionSentence(
  { host, port, tls }: MailServer & { port: number },
  code: string,
  message: string,
): string | undefined {
  if (code === 'ECONNREFUSED') return `nothing listens on port ${port} of ${host}: check the port`
  if (/TIMEDOUT|_TIMEOUT$|^E(?:HOST|NET)UNREACH$/.test(code)) {
    return `${host} does not respond on port ${port}: check the port and the firewall`
  }
  if (/CERT|SELF_SIGNED|ALTNAME/.test(code)) return `the certificate of ${host} is not valid (${code})`
  if (/SSL|TLS|EPROTO/i.test(code) || /wrong version number|STARTTLS/i.test(message)) {
    return `port ${port} of ${host} does not speak TLS in this way: tls is ${tls}, try the other one`
  }
  return undefined
}

function isPublicOnly(addresses: { address: string }[]): boolean {
  return addresses.every(({ address }) => isPublic(address))
}
