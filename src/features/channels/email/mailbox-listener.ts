import { setTimeout as sleep } from 'node:timers/promises'
import type { ImapFlow } from 'imapflow'
import type { Context } from '../../../http/feature.ts'
import { FolderSync } from './folder-sync.ts'
import { connectImap, sentenceOf } from './imap-connection.ts'
import type { EmailInbox } from './inbox.ts'
import { receiveMail } from './incoming.ts'
import { noteConnected, noteFailure } from './mailbox-state.ts'
import { receiveSentMail } from './sent-mail.ts'

// Milliseconds between looks at a mailbox: as a fallback for notifications that were lost, and without IDLE.
const idlePause = 60_000
const pollPause = 15_000

/** Receives the mails of an inbox from its mailbox until `signal` is aborted. Throws if that fails. */
export async function listenToMailbox(
  inbox: EmailInbox,
  context: Context,
  signal: AbortSignal,
): Promise<void> {
  if (!inbox.settings.imap) return untilAborted(signal)
  let client: ImapFlow | undefined
  try {
    client = await connectImap(context, inbox, signal)
    await read(client, inbox, context, signal)
  } catch (error) {
    if (signal.aborted) return
    const isOurs = client === undefined
    await noteFailure(context, inbox, isOurs ? (error as Error).message : sentenceOf(error, inbox))
    throw error
  } finally {
    client?.close()
  }
}

async function read(
  client: ImapFlow,
  inbox: EmailInbox,
  context: Context,
  signal: AbortSignal,
): Promise<void> {
  const incoming = new FolderSync(context, inbox, 'INBOX', (raw, delivery) =>
    receiveMail(context, inbox, raw, delivery),
  )
  const sentPath = await sentFolderOf(client, inbox)
  const sent =
    sentPath &&
    new FolderSync(context, inbox, sentPath, (raw, delivery) =>
      receiveSentMail(context, inbox, raw, delivery),
    )
  const news = new News(client)
  while (!signal.aborted) {
    if (sent) await sent.run(client, signal)
    // Last, so that it is the folder that is open while waiting.
    await client.mailboxOpen('INBOX', { readOnly: true })
    news.forget()
    await incoming.run(client, signal)
    await noteConnected(context, inbox)
    await news.wait(signal)
  }
}

/** The folder of sent mails: that of the settings, or the one that the server marks as such (RFC 6154). */
async function sentFolderOf(client: ImapFlow, { settings }: EmailInbox): Promise<string | undefined> {
  const folders = await client.list()
  const { sent_folder } = settings.imap!
  const found = sent_folder
    ? folders.find(({ path }) => path === sent_folder)
    : folders.find(({ specialUse }) => specialUse === '\\Sent')
  return found?.path
}

/** What the server announces about the open folder. */
class News {
  readonly #client: ImapFlow
  // A mail can be announced while others are fetched, and is not announced again.
  #isThere = false
  #wake: (() => void) | undefined

  constructor(client: ImapFlow) {
    this.#client = client
    client.on('exists', () => {
      this.#isThere = true
      this.#wake?.()
    })
  }

  forget(): void {
    this.#isThere = false
  }

  /** Waits until a mail is announced, or until it is time to look anyway. Throws if the connection ends. */
  async wait(signal: AbortSignal): Promise<void> {
    if (signal.aborted || this.#isThere) return
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const closed = () => reject(new Error('the connection to the server has ended'))
    const hasIdle = this.#client.capabilities.has('IDLE')
    const timer = setTimeout(resolve, hasIdle ? idlePause : pollPause)
    this.#wake = resolve
    this.#client.on('close', closed)
    const stop = () => resolve()
    signal.addEventListener('abort', stop)
    try {
      if (!this.#client.usable) closed()
      // The next command ends it.
      if (hasIdle) this.#client.idle().catch(reject)
      await promise
      if (!signal.aborted) await this.#client.noop()
    } finally {
      clearTimeout(timer)
      this.#wake = undefined
      this.#client.off('close', closed)
      signal.removeEventListener('abort', stop)
    }
  }
}

async function untilAborted(signal: AbortSignal): Promise<void> {
  // Not unref'ed timers: the listening ends with the signal.
  while (!signal.aborted) await sleep(2 ** 30, undefined, { signal, ref: false }).catch(() => {})
}
