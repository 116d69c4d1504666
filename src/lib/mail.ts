import { isIP } from 'node:net'
import { isPublic } from './addresses.ts'

/** A plain mail to one person. */
export interface Mail {
  to: { name: string; address: string }
  subject: string
  text: string
  headers?: Record<string, string>
}

/**
 * Sends mails through the server that an `smtp://` or `smtps://` URL names; rejects if the server does not accept one.
 * Without TLS anybody on the way could read the links that set passwords, or hide that the server offers TLS. So
 * `smtp://` needs STARTTLS, unless the server is on a private network or the URL ends in `?starttls=optional`.
 */
export function mailer(url: string, from: string): (letter: Mail) => Promise<void> {
  const patience = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 30_000 }
  const server = new URL(url)
  const isOptional = server.searchParams.get('starttls') === 'optional'
  server.searchParams.delete('starttls')
  const requireTLS = server.protocol === 'smtp:' && !isOptional && !isPrivate(server.hostname)
  return async (letter) => {
    // Loaded with the first mail, because loading it at each start takes 100 ms.
    const { createTransport } = await import('nodemailer')
    const transport = createTransport({ url: server.href, requireTLS, ...patience })
    // The text of a mail is plain: nothing in it may make nodemailer read a file or call a URL.
    await transport.sendMail({ ...letter, from, disableFileAccess: true, disableUrlAccess: true })
  }
}

/** Whether a host is this machine or in its network: by its address, or by a name without a public domain. */
function isPrivate(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '')
  if (isIP(host)) return !isPublic(host)
  return /^[^.]+$|\.(?:localhost|local|internal)$/i.test(host)
}
