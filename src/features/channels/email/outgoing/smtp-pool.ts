import type { Readable } from 'node:stream'
import type { Envelope } from './compose.ts'
import { type RejectedRecipient, type SmtpServer, SmtpSession } from './smtp-session.ts'

// Connections to a server at a time. Some allow only a few for each user.
const mostSessions = 4
// Milliseconds after which a session without a mail ends.
const idleTime = 5000

/** The sessions with a server. */
interface Sessions {
  idle: SmtpSession[]
  open: number
  waiting: (() => void)[]
}

/** Sends mails over a few connections to each server, which it uses again while there are more mails. */
export class SmtpPool {
  readonly #servers = new Map<string, Sessions>()

  /**
   * Sends a mail; `raw` is called when a connection is ready for it. Resolves to the recipients that the server has refused,
   * if it has taken the mail for others. Otherwise rejects; `failureOf` says why.
   */
  async send(
    server: SmtpServer,
    envelope: Envelope,
    raw: () => Promise<Readable>,
    signal: AbortSignal,
  ): Promise<RejectedRecipient[]> {
    const key = JSON.stringify(server)
    const sessions = this.#servers.get(key) ?? { idle: [], open: 0, waiting: [] }
    this.#servers.set(key, sessions)
    await turn(sessions, signal)
    let session: SmtpSession | undefined
    try {
      session = usable(sessions.idle) ?? (await SmtpSession.open(server, signal))
      return await session.send(envelope, await raw(), signal)
    } finally {
      this.#release(key, sessions, session)
    }
  }

  #release(key: string, sessions: Sessions, session: SmtpSession | undefined): void {
    if (session?.isUsable) {
      sessions.idle.push(session)
      setTimeout(() => this.#expire(key, sessions, session), idleTime).unref()
    } else session?.quit()
    const next = sessions.waiting.shift()
    // The next one gets the place as it is.
    if (next) next()
    else sessions.open -= 1
    this.#forget(key, sessions)
  }

  #expire(key: string, sessions: Sessions, session: SmtpSession): void {
    const index = sessions.idle.indexOf(session)
    if (index === -1) return
    sessions.idle.splice(index, 1)
    session.quit()
    this.#forget(key, sessions)
  }

  #forget(key: string, { idle, open, waiting }: Sessions): void {
    if (idle.length + open + waiting.length === 0) this.#servers.delete(key)
  }
}

/** Takes one of the places for a connection, and waits for it if necessary. Rejects if the signal is aborted before. */
async function turn(sessions: Sessions, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  if (sessions.open < mostSessions) {
    sessions.open += 1
    return
  }
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  sessions.waiting.push(resolve)
  const abort = () => {
    const index = sessions.waiting.indexOf(resolve)
    if (index === -1) return
    sessions.waiting.splice(index, 1)
    reject(new Error('there was no free connection in time'))
  }
  signal.addEventListener('abort', abort, { once: true })
  await promise.finally(() => signal.removeEventListener('abort', abort))
}

/** The session that was used last. The others end, if nobody needs them. */
function usable(idle: SmtpSession[]): SmtpSession | undefined {
  for (let session = idle.pop(); session; session = idle.pop()) {
    if (session.isUsable) return session
    session.quit()
  }
  return undefined
}
