import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'

/** A mail that a server has received. */
export interface SmtpMail {
  from: string
  to: string[]
  /** As it was sent. */
  raw: string
  /** Who has signed in. */
  user: string | undefined
}

/** What a server does wrong. Each function can return a reply that refuses, such as `450 4.2.0 Try again`. */
export interface SmtpFaults {
  mailFrom?(address: string): string | undefined
  rcptTo?(address: string): string | undefined
  /** After the whole mail was received. */
  data?(mail: SmtpMail): Promise<string | undefined> | string | undefined
  /** After the whole mail was received: the connection is closed, without a reply. */
  closesAfterData?(mail: SmtpMail): boolean
}

/** A mail server on a free port of this machine. */
export interface SmtpTestServer {
  port: number
  /** The mails that it has taken. */
  mails: SmtpMail[]
  /** All mails whose content has arrived, also those that it has refused or not answered. */
  received: SmtpMail[]
  /** The connections so far. */
  readonly connections: number
  /** Those that are open now. */
  readonly openConnections: number
  faults: SmtpFaults
  close(): Promise<void>
}

/** Starts a mail server. Without TLS, and without a password, unless `options` say otherwise. */
export async function startSmtpServer(options: SMTPServerOptions = {}): Promise<SmtpTestServer> {
  let connections = 0
  const faults: SmtpFaults = {}
  const mails: SmtpMail[] = []
  const received: SmtpMail[] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: options.onAuth ? ['STARTTLS'] : ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    logger: false,
    // Idle connections do not hold up the end of a test.
    closeTimeout: 50,
    onConnect(_session, done) {
      connections += 1
      done()
    },
    onMailFrom: ({ address }, _session, done) => done(errorOf(faults.mailFrom?.(address))),
    onRcptTo: ({ address }, _session, done) => done(errorOf(faults.rcptTo?.(address))),
    async onData(stream, session, done) {
      const { mailFrom, rcptTo } = session.envelope
      const mail = {
        from: mailFrom ? mailFrom.address : '',
        to: rcptTo.map(({ address }) => address),
        raw: await text(stream),
        user: session.user as string | undefined,
      }
      received.push(mail)
      if (faults.closesAfterData?.(mail)) {
        for (const connection of server.connections) connection.close()
        return
      }
      const error = errorOf(await faults.data?.(mail))
      if (!error) mails.push(mail)
      done(error)
    },
    ...options,
  })
  server.on('error', () => {})
  const listener = server.listen(0, '127.0.0.1')
  await once(listener, 'listening')
  return {
    port: (listener.address() as AddressInfo).port,
    mails,
    received,
    faults,
    get connections() {
      return connections
    },
    get openConnections() {
      return server.connections.size
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

function errorOf(reply: string | undefined): Error | undefined {
  if (reply === undefined) return undefined
  return Object.assign(new Error(reply.slice(4)), { responseCode: Number(reply.slice(0, 3)) })
}
