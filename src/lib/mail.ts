import { isIP } from 'node:net'
import { isPublic } from './addresses.ts'

/** A plain mail to one person. */
export interface Letter {
  to: { name: string; address: string }
  subject: string
  text: string
}

/**
 * Sends mails through the server that an `smtp://` or `smtps://` URL names; rejects if the server does not accept one.
 * Without TLS anybody on the way could read the links that set passwords, or hide that the server offers TLS. So
 * `smtp://` needs STARTTLS, unless the server is on a private network or the URL ends in `?starttls=optional`.
 */
export function mailer(url: string, from: string): (letter: Letter) => Promise<void> {
  const patience = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 30_000 }
  const server = new URL(url)
  const isOptional = server.searchParams.get('starttls') === 'optional'
  server.searchParams.delete('starttls')
  const requireTLS = server.protocol === 'smtp:' && !isOptional && !isPrivate(server.hostname)
  return async (letter) => {
    // Loaded with the first mail: it would make each start a tenth of a second longer.
    const { createTransport } = await import('nodemailer')
    const transport = createTransport({ url: server.href, requireTLS, ...patience })
    // A mail is text of ours: nothing in it may make the sender read a file or call an address.
    await transport.sendMail({ ...letter, from, disableFileAccess: true, disableUrlAccess: true })
  }
}

/** Whether a host is this machine or in its network: by its address, or a name that means something only there. */
function isPrivate(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '')
  if (isIP(host)) return !isPublic(host)
  return /^[^.]+$|\.(?:localhost|local|internal)$/i.test(host)
}
