/** A plain mail to one person. */
export interface Letter {
  to: { name: string; address: string }
  subject: string
  text: string
}

/**
 * Sends mails through the server that an `smtp://` or `smtps://` URL names; rejects where it does not take one. TLS is
 * used where the server offers it (STARTTLS), and always with `smtps://`.
 */
export function mailer(url: string, from: string): (letter: Letter) => Promise<void> {
  const patience = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 30_000 }
  return async (letter) => {
    // Loaded with the first mail: it would make each start a tenth of a second longer.
    const { createTransport } = await import('nodemailer')
    const transport = createTransport({ url, ...patience })
    // A mail is text of ours: nothing in it may make the sender read a file or call an address.
    await transport.sendMail({ ...letter, from, disableFileAccess: true, disableUrlAccess: true })
  }
}
