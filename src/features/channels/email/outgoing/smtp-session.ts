import { isIP } from 'node:net'
import type { Readable } from 'node:stream'
import type SMTPConnection from 'nodemailer/lib/smtp-connection'
import type { Envelope } from './compose.ts'

/** A mail server that sends our mails, and who signs in there. */
export interface SmtpServer {
  host: string
  /** The address of the host that was checked, to which the connection goes. */
  address: string
  port: number
  tls: 'implicit' | 'starttls' | 'none'
  user?: string | undefined
  password?: string | undefined
  /** Instead of a password (XOAUTH2). */
  accessToken?: string | undefined
}

/** What a server has said of a recipient whose mail it has not taken. */
export interface RejectedRecipient {
  address: string
  response: string
}

// In milliseconds. The reply to a whole mail can take minutes (RFC 5321, 4.5.3.2), but a silent connection is dead.
const timeouts = { connectionTimeout: 15_000, greetingTimeout: 15_000, socketTimeout: 60_000 }
// Many servers end a session after so many mails.
const mostMails = 100

/** A connection to a mail server that has signed in, and sends one mail after another. */
export class SmtpSession {
  readonly #connection: SMTPConnection
  #mails = 0
  #isOpen = true

  private constructor(connection: SMTPConnection) {
    this.#connection = connection
    const end = () => {
      this.#isOpen = false
    }
    // Also for errors while nothing is sent, which nobody else would get.
    connection.on('error', end).on('end', end)
  }

  /** Connects and signs in. Rejects with the error of nodemailer, from which `failureOf` makes an outcome. */
  static async open(server: SmtpServer, signal: AbortSignal): Promise<SmtpSession> {
    const { default: Connection } = await import('nodemailer/lib/smtp-connection')
    const { host, address, port, tls } = server
    const connection = new Connection({
      host: address,
      port,
      secure: tls === 'implicit',
      requireTLS: tls === 'starttls',
      ignoreTLS: tls === 'none',
      ...(isIP(host) ? {} : { servername: host }),
      // Explicit, because an environment variable can disable it.
      tls: { rejectUnauthorized: true },
      ...timeouts,
    })
    const session = new SmtpSession(connection)
    try {
      await session.#run<void>(signal, (done) => connection.connect(done))
      if (server.user !== undefined) {
        const login = await loginOf(server.user, server)
        await session.#run(signal, (done) => connection.login(login, done))
      }
      return session
    } catch (error) {
      session.close()
      throw error
    }
  }

  /** Whether another mail can be sent. */
  get isUsable(): boolean {
    return this.#isOpen && this.#mails < mostMails
  }

  /**
   * Sends a mail. Resolves to the recipients that the server has refused, if it has taken the mail for others. Afterwards
   * the session can send another mail; if it rejects, it cannot.
   */
  async send(envelope: Envelope, raw: Readable, signal: AbortSignal): Promise<RejectedRecipient[]> {
    this.#mails += 1
    try {
      const sent = await this.#run<{ rejected: string[]; rejectedErrors?: { response?: unknown }[] }>(
        signal,
        (done) => this.#connection.send(envelope, raw, done as never),
      )
      return sent.rejected.map((address, index) => {
        const response = sent.rejectedErrors?.[index]?.response
        return { address, response: typeof response === 'string' ? response : '' }
      })
    } catch (error) {
      raw.destroy()
      this.close()
      throw error
    }
  }

  /** Says goodbye, if there is somebody to hear it. */
  quit(): void {
    if (this.#isOpen) this.#connection.quit()
    this.#isOpen = false
  }

  close(): void {
    this.#isOpen = false
    this.#connection.close()
  }

  /** Calls a function of the connection; rejects also if the connection ends or the signal is aborted meanwhile. */
  #run<T>(signal: AbortSignal, call: (done: (error?: Error | null, result?: T) => void) => void): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>()
    const end = () => reject(new Error('the connection was closed'))
    const abort = () => {
      reject(new Error('it took too long'))
      this.close()
    }
    this.#connection.on('error', reject).on('end', end)
    signal.addEventListener('abort', abort, { once: true })
    if (signal.aborted) abort()
    else call((error, result) => (error ? reject(error) : resolve(result as T)))
    return promise.finally(() => {
      this.#connection.off('error', reject).off('end', end)
      signal.removeEventListener('abort', abort)
    })
  }
}

async function loginOf(user: string, { password, accessToken }: SmtpServer) {
  if (accessToken === undefined) return { user, credentials: { user, pass: password ?? '' } }
  const { default: XOAuth2 } = await import('nodemailer/lib/xoauth2')
  return { user, method: 'XOAUTH2', oauth2: new XOAuth2({ user, accessToken }) }
}
