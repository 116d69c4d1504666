import { createReadStream, statSync } from 'node:fs'
import type { Database } from '../../db/database.ts'
import type { Files } from '../../files/open.ts'
import { readContacts } from './contact-file.ts'
import { ContactImport } from './contacts.ts'
import { readConversations } from './conversation-file.ts'
import { ConversationImport } from './conversations.ts'
import { Directory } from './directory.ts'
import { IncomingFiles } from './incoming-files.ts'
import { type Count, type Fault, Inboxes, type Outcome, type Run } from './run.ts'

export { exportTo } from './export.ts'
export type { Count, Fault } from './run.ts'

/** What an import goes into, and how. */
export interface Target {
  database: Database
  accountId: number
  /** Where everything goes, whatever inbox the lines name; undefined where those decide. */
  inboxId: number | undefined
  /** Looks at everything and stores nothing. */
  dryRun: boolean
  /** Awaited between two transactions, so that a server beside gets its turn. */
  rest(): Promise<void>
  files: Files
  /** Bytes of the largest file of a message. */
  maxFileSize: number
}

/** Hears of an import while it runs. */
export interface Listener {
  /** Bytes read of a file, of how many, and how many lines. */
  progress(done: number, all: number, lines: number): void
  fault(file: string, fault: Fault): void
}

// What one transaction carries: lines, and bytes of them. A server beside waits for it.
const mostLines = 500
const mostBytes = 1024 * 1024

/** An import into an account: of contacts first, for conversations name them. */
export class Import {
  readonly #target: Target
  readonly #run: Run
  readonly #listener: Listener
  readonly #contacts: ContactImport
  /** Of all files so far. */
  readonly counts: Record<string, Count> = {}

  private constructor(target: Target, run: Run, listener: Listener) {
    this.#target = target
    this.#run = run
    this.#listener = listener
    this.#contacts = new ContactImport(run)
  }

  /** Throws `invalid` where the account has no such inbox. */
  static async into(target: Target, listener: Listener): Promise<Import> {
    const { database, accountId, inboxId } = target
    const inboxes = await Inboxes.of(database.read, accountId, inboxId)
    return new Import(target, { ...target, inboxes }, listener)
  }

  /**
   * Imports a CSV file of contacts. What is stored stays so if it is interrupted; again, it goes on. Throws `invalid` where the
   * file is none of contacts.
   */
  contacts(file: string): Promise<void> {
    return this.#file(file, readContacts, (lines) => this.#contacts.batch(lines))
  }

  /** Imports a file of conversations and messages in JSON lines, as `contacts`; the files that it names lie beside it. */
  async conversations(file: string): Promise<void> {
    const { database, accountId, files, maxFileSize } = this.#target
    const directory = await Directory.of(database.read, accountId)
    const incoming = new IncomingFiles(file, database, accountId, files, maxFileSize)
    const work = new ConversationImport(this.#run, directory, this.#contacts, incoming)
    await this.#file(file, readConversations, (lines) => work.batch(lines))
  }

  async #file<L extends { line: number }>(
    file: string,
    read: (chunks: AsyncIterable<Buffer>) => AsyncIterable<L>,
    store: (lines: L[]) => Promise<Outcome>,
  ): Promise<void> {
    const all = statSync(file).size
    let done = 0
    let count = 0
    let taken = 0
    let lines: L[] = []
    const chunks = async function* () {
      for await (const chunk of createReadStream(file)) {
        done += chunk.length
        yield chunk as Buffer
      }
    }
    const flush = async () => {
      const { faults, counts } = await store(lines)
      for (const fault of faults.sort((one, other) => one.line - other.line))
        this.#listener.fault(file, fault)
      this.#add(counts)
      count += lines.length
      lines = []
      taken = done
      this.#listener.progress(done, all, count)
      await this.#run.rest()
    }
    for await (const line of read(chunks())) {
      lines.push(line)
      if (lines.length === mostLines || done - taken >= mostBytes) await flush()
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
