import { Readable } from 'node:stream'
import { writeTemporaryFile } from '../../files/temporary-files.ts'
import { isUnavailable, Refusal } from '../../lib/errors.ts'
import { mostFiles } from '../attachments/schema.ts'
import {
  type ArchiveInbox,
  findKnownMails,
  openArchiveInbox,
  placeArchivedMail,
} from '../channels/email/archived-mail.ts'
import { largestMail } from '../channels/email/inbound-route.ts'
import { MailUpload } from '../channels/email/incoming.ts'
import { MailReader } from '../channels/email/mail-reader.ts'
import type { ParsedMail } from '../channels/email/parsed-mail.ts'
import { sourceIdOf, sourceIdOfBytes } from '../channels/email/threading.ts'
import { inOrder, type ListedMail, listMails, openMailFiles } from './mail-list.ts'
import { storeArchivedMail } from './mail-rows.ts'
import { readMail } from './mbox-file.ts'
import type { Count, ImportListener, ImportTarget } from './run.ts'

// Mails that are looked up together.
const sliceSize = 500
// Milliseconds of work between two pauses for a running server.
const workTime = 100

type Result = keyof Count

/** Imports mbox files: each mail in a transaction of its own, in the order of their times. */
export class MailImport {
  readonly #target: ImportTarget
  readonly #listener: ImportListener
  readonly #reader = new MailReader()
  readonly #mails: Count = { stored: 0, known: 0, leftOut: 0 }
  // The `source_id`s of this run: a dry run stores none.
  readonly #done = new Set<string>()
  #restedAt = performance.now()

  constructor(target: ImportTarget, listener: ImportListener) {
    this.#target = target
    this.#listener = listener
  }

  /** Imports the mails of all these files. Returns what became of them. */
  async run(names: readonly string[]): Promise<Record<string, Count>> {
    const archive = await this.#openInbox()
    const files = await openMailFiles(names)
    try {
      const mails: ListedMail[] = []
      for (const file of files) {
        const { size } = await file.handle.stat()
        const list = await listMails(file, (bytes, count) =>
          this.#listener.progress(bytes, size, count, 'mails'),
        )
        for (const mail of list) mails.push(mail)
      }
      await this.#import(archive, inOrder(mails))
      return { mails: this.#mails }
    } finally {
      this.#reader.close()
      for (const { handle } of files) await handle.close()
    }
  }

  async #openInbox(): Promise<ArchiveInbox> {
    const { database, accountId, inboxId } = this.#target
    const archive = inboxId && (await openArchiveInbox(database.read, accountId, inboxId))
    if (!archive)
      throw new Refusal('invalid', `Inbox ${inboxId} of account ${accountId} is not an e-mail inbox.`)
    return archive
  }

  async #import(archive: ArchiveInbox, mails: ListedMail[]): Promise<void> {
    const all = mails.reduce((sum, { start, end }) => sum + end - start, 0)
    let bytes = 0
    for (let at = 0; at < mails.length; at += sliceSize) {
      const slice = mails.slice(at, at + sliceSize)
      const ids = slice.flatMap(({ sourceId }) => sourceId ?? [])
      const known = await findKnownMails(this.#target.database.read, archive, ids)
      for (const [index, mail] of slice.entries()) {
        const isKnown = mail.sourceId !== undefined && known.has(mail.sourceId)
        this.#mails[isKnown ? 'known' : await this.#importMail(archive, mail)] += 1
        bytes += mail.end - mail.start
        this.#listener.progress(bytes, all, at + index + 1, 'mails')
        await this.#rest()
      }
    }
  }

  async #rest(): Promise<void> {
    if (performance.now() - this.#restedAt < workTime) return
    await this.#target.rest()
    this.#restedAt = performance.now()
  }

  async #importMail(archive: ArchiveInbox, listed: ListedMail): Promise<Result> {
    const { files, maxFileSize, database } = this.#target
    if (listed.end - listed.start > largestMail) {
      return this.#leaveOut(listed, `the mail is larger than ${largestMail / 1024 ** 2} MiB`)
    }
    await files.diskSpace.assertEnough()
    const bytes = await readMail(listed.file.handle, listed)
    const raw = await writeTemporaryFile(files.temporaryDirectory, Readable.from([bytes]))
    const upload = new MailUpload({ database, files }, raw)
    try {
      const directory = files.temporaryDirectory
      const mail = await this.#reader.read(raw, { directory, mostFiles, largestFile: maxFileSize })
      upload.add(mail)
      const sourceId = mail.message_id ? sourceIdOf(mail.message_id) : sourceIdOfBytes(raw.sha256)
      const known = await findKnownMails(database.read, archive, [sourceId])
      if (this.#done.has(sourceId) || known.has(sourceId)) return 'known'
      this.#done.add(sourceId)
      return await this.#store({ archive, listed, mail, upload, sourceId })
    } finally {
      await upload.discard()
    }
  }

  async #store(one: MailToStore): Promise<Result> {
    try {
      const result = await this.#storeOrCheck(one)
      if (one.mail.unreadable) this.#fault(one.listed, 'the mail cannot be read: it is stored as a file')
      return result
    } catch (error) {
      if (isUnavailable(error) || (error as Refusal).code === 'not_found') throw error
      // Something in it breaks a rule that nobody has thought of. It must not hold up the next mail.
      if (one.mail.unreadable) {
        return this.#leaveOut(one.listed, `the mail cannot be stored: ${(error as Error).message}`)
      }
      const mail = { ...one.mail, text: '', subject: '', from: null, reply_to: [], unreadable: true }
      return this.#store({ ...one, mail })
    }
  }

  async #storeOrCheck({ archive, listed, mail, upload, sourceId }: MailToStore): Promise<Result> {
    const { database, accountId, dryRun } = this.#target
    if (dryRun) return 'stored'
    const files = await upload.toUpload(mail).store(accountId)
    let result: Result | undefined
    try {
      const sentence = await database.transaction(accountId, async (tx) => {
        if ((await findKnownMails(tx, archive, [sourceId])).size > 0) return 'known'
        const placed = await placeArchivedMail(tx, archive, mail)
        if (placed === undefined) return 'the sender is blocked'
        if (typeof placed === 'string') return placed
        await storeArchivedMail(tx, archive, { placed, mail, sourceId, time: listed.time, files })
        return undefined
      })
      if (sentence === undefined) result = 'stored'
      else result = sentence === 'known' ? 'known' : this.#leaveOut(listed, sentence)
      return result
    } finally {
      if (result !== 'stored') await files.release()
    }
  }

  #leaveOut(listed: ListedMail, sentence: string): Result {
    this.#fault(listed, sentence)
    return 'leftOut'
  }

  #fault({ file, line }: ListedMail, sentence: string): void {
    this.#listener.fault(file.name, { line, sentence })
  }
}

interface MailToStore {
  archive: ArchiveInbox
  listed: ListedMail
  mail: ParsedMail
  upload: MailUpload
  sourceId: string
}
