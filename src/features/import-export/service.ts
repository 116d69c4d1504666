import { createReadStream, statSync } from 'node:fs'
import { GrowingStatistics } from '../../db/growing-statistics.ts'
import { AccountLookup } from './account-lookup.ts'
import { readContacts } from './contact-file.ts'
import { ContactImport } from './contacts.ts'
import { readConversations } from './conversation-file.ts'
import { ConversationImport } from './conversations.ts'
import { IncomingFiles } from './incoming-files.ts'
import { MailImport } from './mails.ts'
import { type Count, type ImportListener, type ImportTarget, Inboxes, type Outcome, type Run } from './run.ts'

// The size of one transaction. A running server has to wait for it.
const maxLines = 500
const maxBytes = 1024 * 1024

/** An import into an account. Contacts must be imported before the conversations that refer to them. */
export class Import {
  readonly #target: ImportTarget
  readonly #run: Run
  readonly #listener: ImportListener
  readonly #contacts: ContactImport
  readonly #statistics: Record<'contacts' | 'conversations', GrowingStatistics>
  /** The sums of all files so far. */
  readonly counts: Record<string, Count> = {}

  private constructor(target: ImportTarget, run: Run, listener: ImportListener) {
    this.#target = target
    this.#run = run
    this.#listener = listener
    this.#contacts = new ContactImport(run)
    const { database } = run
    this.#statistics = {
      contacts: new GrowingStatistics(database),
      conversations: new GrowingStatistics(database),
    }
  }

  /** Prepares an import. Throws `invalid` if the account has no such inbox. */
  static async into(target: ImportTarget, listener: ImportListener): Promise<Import> {
    const { database, accountId, inboxId } = target
    const inboxes = await Inboxes.of(database.read, accountId, inboxId)
    return new Import(target, { ...target, inboxes }, listener)
  }

  /**
   * Imports a CSV file of contacts. If it is interrupted, complete batches stay stored, and another run continues. Throws
   * `invalid` if the first line is not that of contacts.
   */
  contacts(file: string): Promise<void> {
    return this.#file(file, readContacts, (lines) => this.#contacts.batch(lines), this.#statistics.contacts)
  }

  /** Imports conversations and messages from JSON lines, like `contacts`. Their attachments are in the folder of the file. */
  async conversations(file: string): Promise<void> {
    const { database, accountId, files, maxFileSize } = this.#target
    const lookup = await AccountLookup.of(database.read, accountId)
    const incoming = new IncomingFiles(file, database, accountId, files, maxFileSize)
    const work = new ConversationImport(this.#run, lookup, this.#contacts, incoming)
    await this.#file(file, readConversations, (lines) => work.batch(lines), this.#statistics.conversations)
  }

  /**
   * Imports the mails of mbox files into an e-mail inbox, like `contacts`: those of all files together, by their times.
   * Throws `invalid` if the inbox is not an e-mail inbox, or a file is not an mbox file.
   */
  async mails(files: string[]): Promise<void> {
    this.#add(await new MailImport(this.#target, this.#listener).run(files))
  }

  async #file<L extends { line: number }>(
    file: string,
    read: (chunks: AsyncIterable<Buffer>) => AsyncIterable<L>,
    store: (lines: L[]) => Promise<Outcome>,
    statistics: GrowingStatistics,
  ): Promise<void> {
    const size = statSync(file).size
    let bytesRead = 0
    let bytesStored = 0
    let lineCount = 0
    let lines: L[] = []
    const chunks = async function* () {
      for await (const chunk of createReadStream(file)) {
        bytesRead += chunk.length
        yield chunk as Buffer
      }
    }
    const flush = async () => {
      const { faults, counts } = await store(lines)
      for (const fault of faults.sort((one, other) => one.line - other.line))
        this.#listener.fault(file, fault)
      this.#add(counts)
      lineCount += lines.length
      lines = []
      bytesStored = bytesRead
      this.#listener.progress(bytesRead, size, lineCount, 'lines')
      await this.#run.rest()
      // Of conversations and their messages, the messages.
      const stored = Math.max(0, ...Object.values(counts).map((count) => count.stored))
      if (!this.#run.dryRun) await statistics.count(stored)
    }
    for await (const line of read(chunks())) {
      lines.push(line)
      if (lines.length === maxLines || bytesRead - bytesStored >= maxBytes) await flush()
    }
    await flush()
  }

  #add(counts: Record<string, Count>): void {
    for (const [kind, { stored, known, leftOut }] of Object.entries(counts)) {
      this.counts[kind] ??= { stored: 0, known: 0, leftOut: 0 }
      const sum = this.counts[kind]
      sum.stored += stored
      sum.known += known
      sum.leftOut += leftOut
    }
  }
}
