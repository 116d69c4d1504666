/** A plain text mail to one person. */
export interface Mail {
  to: { name: string; address: string }
  subject: string
  text: string
}

/**
 * Returns a function that sends mails through the server of an `smtp://` or `smtps://` URL, and rejects if the server
 * does not accept a mail. TLS is used if the server offers it (STARTTLS), and always with `smtps://`.
 */
export function mailer(url: string, from: string): (letter: Mail) => Promise<void> {
  const patience = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 30_000 }
  return async (letter) => {
    // Loaded with the first mail, because loading it at each start takes 100 ms.
    const { createTransport } = await import('nodemailer')
    const transport = createTransport({ url, ...patience })
    // Text in a mail must not make nodemailer read a file or request a URL.
    await transport.sendMail({ ...letter, from, disableFileAccess: true, disableUrlAccess: true })
  }
}
