import { Readable } from 'node:stream'
import type { ImapFlow } from 'imapflow'
import type { Tables } from '../../../db/tables.ts'
import type { LocalFile } from '../../../files/storage.ts'
import { writeTemporaryFile } from '../../../files/temporary-files.ts'
import type { Context } from '../../../http/feature.ts'
import { largestMail } from './inbound-route.ts'
import type { EmailInbox } from './inbox.ts'
import type { Delivery } from './incoming.ts'
import { findThreads } from './mail.store.ts'
import { findFolder, findMailbox, saveFolder } from './mailbox.store.ts'
import { sourceIdOf } from './threading.ts'

/** What is done with the mails of a folder. */
export type Take = (raw: LocalFile, delivery: Delivery) => Promise<unknown>

type Position = Tables['mail_folders']

/** A mail in the folder, without its bytes. */
interface Entry {
  uid: number
  size: number
  /** Milliseconds. */
  arrivedAt: number
  /** Its `source_id`, if it has a Message-ID. */
  source_id: string | undefined
}

// Mails of which the server is asked together, and bytes that are fetched together.
const sliceSize = 100
const batchBytes = 8 * 1024 * 1024
// Milliseconds: clocks of two servers differ.
const clockSkew = 5 * 60_000

/**
 * Takes the new mails of a folder, in their order. Which are new is decided by UIDVALIDITY and the last UID (RFC 3501,
 * section 2.3.1.1), never by a date: a mail that arrives days late is new. The position is stored with each message.
 */
export class FolderSync {
  readonly #context: Context
  readonly #inbox: EmailInbox
  readonly #folder: string
  readonly #take: Take

  /** `folder` is the path on the server. */
  constructor(context: Context, inbox: EmailInbox, folder: string, take: Take) {
    this.#context = context
    this.#inbox = inbox
    this.#folder = folder
    this.#take = take
  }

  /** Takes all new mails, until `signal` is aborted. Opens the folder if it is not open. */
  async run(client: ImapFlow, signal: AbortSignal): Promise<void> {
    if (!client.mailbox || client.mailbox.path !== this.#folder) {
      await client.mailboxOpen(this.#folder, { readOnly: true })
    }
    let position = await this.#position(client)
    const found = await client.search({ uid: `${position.last_uid + 1}:*` }, { uid: true })
    // `*` is the last mail, also if its UID is smaller.
    const uids = (found || []).filter((uid) => uid > position.last_uid).sort((one, other) => one - other)
    for (let start = 0; start < uids.length && !signal.aborted; start += sliceSize) {
      position = await this.#takeSlice(client, position, uids.slice(start, start + sliceSize), signal)
    }
  }

  async #takeSlice(
    client: ImapFlow,
    position: Position,
    uids: number[],
    signal: AbortSignal,
  ): Promise<Position> {
    const entries = await entriesOf(client, uids)
    const missing = await this.#withoutKnown(entries, position)
    let reached = position
    for (const batch of batches(missing)) {
      for await (const { entry, file } of filesOf(client, batch, this.#context)) {
        if (signal.aborted) return reached
        const next = { ...position, last_uid: entry.uid }
        await this.#take(file, { arrivedAt: entry.arrivedAt, stored: (tx) => saveFolder(tx, next) })
        reached = next
      }
    }
    const end = { ...position, last_uid: uids.at(-1)! }
    await this.#save(end)
    return end
  }

  /** Leaves out mails that are stored, and after the UIDVALIDITY of the folder has changed, those before the first start. */
  async #withoutKnown(entries: Entry[], { known_until }: Position): Promise<Entry[]> {
    const { database } = this.#context
    const inbox = { account_id: this.#inbox.account_id, inbox_id: this.#inbox.id }
    const ids = entries.flatMap(({ source_id }) => source_id ?? [])
    const known = await findThreads(database.read, inbox, ids)
    const start = await this.#start()
    return entries.filter(({ uid, source_id, arrivedAt }) => {
      if (source_id !== undefined && known.has(source_id)) return false
      return uid >= known_until || arrivedAt >= start
    })
  }

  async #position(client: ImapFlow): Promise<Position> {
    const { account_id, id: inbox_id } = this.#inbox
    const { uidValidity, uidNext } = client.mailbox as { uidValidity: bigint; uidNext: number }
    const uid_validity = Number(uidValidity)
    const stored = await findFolder(this.#context.database.read, { account_id, inbox_id }, this.#folder)
    if (stored?.uid_validity === uid_validity) return stored
    const base = { account_id, inbox_id, folder: this.#folder, uid_validity }
    const position = stored
      ? { ...base, last_uid: 0, known_until: uidNext }
      : { ...base, last_uid: await this.#lastBeforeStart(client, uidNext), known_until: 0 }
    await this.#save(position)
    return position
  }

  /** The mails that were there before the inbox are not fetched: `ndoto import` brings them. */
  async #lastBeforeStart(client: ImapFlow, uidNext: number): Promise<number> {
    const start = await this.#start()
    // The server knows only days, in its own time zone.
    const since = new Date(start - 86_400_000)
    const uids = (await client.search({ since }, { uid: true })) || []
    for (let from = 0; from < uids.length; from += sliceSize) {
      const entries = await entriesOf(client, uids.slice(from, from + sliceSize))
      const first = entries.find(({ arrivedAt }) => arrivedAt >= start)
      if (first) return first.uid - 1
    }
    return uidNext - 1
  }

  async #start(): Promise<number> {
    const { account_id, id: inbox_id } = this.#inbox
    const mailbox = await findMailbox(this.#context.database.read, { account_id, inbox_id })
    return (mailbox?.created_at ?? 0) - clockSkew
  }

  async #save(position: Position): Promise<void> {
    await this.#context.database.transaction(position.account_id, (tx) => saveFolder(tx, position))
  }
}

async function entriesOf(client: ImapFlow, uids: number[]): Promise<Entry[]> {
  if (uids.length === 0) return []
  const query = { uid: true, size: true, internalDate: true, headers: ['message-id'] }
  const all = await client.fetchAll(uids.join(','), query, { uid: true })
  const entries = all.map(({ uid, size = 0, internalDate, headers }): Entry => {
    const [id] = /<[^<>\s]{1,998}>/.exec(headers?.toString('latin1') ?? '') ?? []
    const arrivedAt = internalDate ? new Date(internalDate).getTime() : Date.now()
    return { uid, size, arrivedAt, source_id: id && sourceIdOf(id) }
  })
  return entries.sort((one, other) => one.uid - other.uid)
}

/** Parts of a list that are small enough to be fetched at once. A mail that is not is alone. */
function* batches(entries: Entry[]): Generator<Entry[]> {
  let batch: Entry[] = []
  let bytes = 0
  for (const entry of entries) {
    if (batch.length > 0 && bytes + entry.size > batchBytes) {
      yield batch
      batch = []
      bytes = 0
    }
    batch.push(entry)
    bytes += entry.size
  }
  if (batch.length > 0) yield batch
}

async function* filesOf(
  client: ImapFlow,
  batch: Entry[],
  { files: { temporaryDirectory } }: Context,
): AsyncGenerator<{ entry: Entry; file: LocalFile }> {
  const [first] = batch
  if (first && first.size > batchBytes) {
    // Of a mail that is too large, only the header.
    const part = first.size > largestMail ? 'HEADER' : undefined
    const { content } = (await client.download(String(first.uid), part, { uid: true })) as {
      content?: Readable
    }
    // It was deleted meanwhile.
    if (content) yield { entry: first, file: await writeTemporaryFile(temporaryDirectory, content) }
    return
  }
  const query = { uid: true, source: true }
  const fetched = await client.fetchAll(batch.map(({ uid }) => uid).join(','), query, { uid: true })
  const sources = new Map(fetched.map(({ uid, source }) => [uid, source]))
  for (const entry of batch) {
    const source = sources.get(entry.uid)
    if (source) yield { entry, file: await writeTemporaryFile(temporaryDirectory, Readable.from([source])) }
  }
}
