import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import type { Database, Queries } from '../../db/database.ts'
import { storedName } from '../../files/names.ts'
import type { Storage } from '../../files/storage.ts'
import { writeTemporaryFile } from '../../files/temporary-files.ts'
import { Refusal } from '../../lib/errors.ts'
import { systemOf } from '../conversations/service.ts'
import { listInboxes } from '../inboxes/service.ts'
import { contactHeader, contactLine } from './contact-file.ts'
import {
  countAll,
  selectContacts,
  selectConversationsAfter,
  selectMediaTypes,
  selectMessagesAfter,
  selectNames,
  selectTitles,
} from './export.store.ts'
import { conversationLine, type ExportedFile, exportedContact, messageLine } from './export-lines.ts'
import { Output } from './output.ts'

/** What is written, and where from. */
export interface Source {
  database: Database
  storage: Storage
  accountId: number
  /** Only what is of this inbox; undefined for all of the account. */
  inboxId: number | undefined
  /** Writes a CSV file in which nothing is a formula, instead of one that can be imported unchanged. */
  forSpreadsheets: boolean
}

export interface Exported {
  contacts: number
  conversations: number
  messages: number
  files: number
  /** Files that the storage does not have. */
  missing: number
}

// Rows read at once.
const step = 500
const fewer = 100

/**
 * Writes the contacts of an account and its conversations, as they are at one moment, into the empty folder `folder`: what
 * `Import` reads. In flat memory; calls `tell` with how many contacts and messages are done of how many. Throws `invalid` where
 * there is no such inbox, or where two have one name.
 */
export function exportTo(
  folder: string,
  source: Source,
  tell: (done: number, all: number) => void,
): Promise<Exported> {
  return source.database.snapshot((queries) => new Export(folder, source, queries, tell).run())
}

class Export {
  readonly #folder: string
  readonly #source: Source
  readonly #queries: Queries
  readonly #tell: (done: number, all: number) => void
  readonly #done: Exported = { contacts: 0, conversations: 0, messages: 0, files: 0, missing: 0 }
  #all = 0

  constructor(folder: string, source: Source, queries: Queries, tell: (done: number, all: number) => void) {
    this.#folder = folder
    this.#source = source
    this.#queries = queries
    this.#tell = tell
  }

  async run(): Promise<Exported> {
    const { accountId, inboxId } = this.#source
    const inboxes = await this.#inboxNames()
    this.#all = await countAll(this.#queries, accountId, inboxId)
    await Output.to(join(this.#folder, 'contacts.csv'), (output) => this.#contacts(output, inboxes[0]))
    await Output.to(join(this.#folder, 'conversations.jsonl'), (output) => this.#conversations(output))
    this.#tell(this.#all, this.#all)
    return this.#done
  }

  /** In files an inbox is known by its name. */
  async #inboxNames(): Promise<string[]> {
    const { accountId, inboxId } = this.#source
    const all = await listInboxes(this.#queries, systemOf(accountId))
    const names = all.filter(({ id }) => inboxId === undefined || id === inboxId).map(({ name }) => name)
    if (inboxId !== undefined && names.length === 0) {
      throw new Refusal('invalid', `Account ${accountId} has no inbox ${inboxId}.`)
    }
    const twice = names.find((name, index) => names.indexOf(name) !== index)
    if (twice !== undefined) {
      throw new Refusal(
        'invalid',
        `Two inboxes are called "${twice}": rename one, or export each with --inbox.`,
      )
    }
    return names.sort()
  }

  async #contacts(output: Output, fallback: string | undefined): Promise<void> {
    const { accountId, inboxId, forSpreadsheets } = this.#source
    await output.write(contactHeader)
    for (let after = 0; ; ) {
      const rows = await selectContacts(this.#queries, accountId, inboxId, after, step)
      if (rows.length === 0) return
      const last = rows.at(-1)!.id
      const all = await selectNames(this.#queries, accountId, rows[0]!.id, last)
      const names = Map.groupBy(all, ({ contact_id }) => contact_id)
      for (const row of rows) {
        const own = (names.get(row.id) ?? []).filter(
          (one) => inboxId === undefined || one.inbox_id === inboxId,
        )
        await output.write(contactLine(exportedContact(row, own, fallback), forSpreadsheets))
      }
      this.#done.contacts += rows.length
      this.#report()
      after = last
    }
  }

  async #conversations(output: Output): Promise<void> {
    const { accountId, inboxId } = this.#source
    for (let after = 0; ; ) {
      const rows = await selectConversationsAfter(this.#queries, accountId, inboxId, after, fewer)
      if (rows.length === 0) return
      const ids = rows.map(({ id }) => id)
      const titles = await selectTitles(this.#queries, accountId, ids)
      const labels = Map.groupBy(titles, ({ conversation_id }) => conversation_id)
      for (const row of rows) {
        const own = (labels.get(row.id) ?? []).map(({ title }) => title)
        await output.write(conversationLine(row, own))
        await this.#messages(output, row.id)
      }
      this.#done.conversations += rows.length
      after = ids.at(-1)!
    }
  }

  async #messages(output: Output, conversationId: number): Promise<void> {
    const { accountId } = this.#source
    for (let after = 0; ; ) {
      const rows = await selectMessagesAfter(this.#queries, accountId, conversationId, after, step)
      for (const row of rows) await output.write(messageLine(row, await this.#files(row.attachments)))
      this.#done.messages += rows.length
      this.#report()
      if (rows.length < step) return
      after = rows.at(-1)!.id
    }
  }

  /** Writes the files of a message beside the lines, each under what its bytes are. */
  async #files(attachments: string | null): Promise<ExportedFile[]> {
    if (attachments === null) return []
    const { accountId, storage } = this.#source
    const kept: { key: string; file_name: string }[] = JSON.parse(attachments)
    const keys = kept.map(({ key }) => key)
    const types = await selectMediaTypes(this.#queries, accountId, keys)
    const files: ExportedFile[] = []
    for (const { key, file_name } of kept) {
      const file = await this.#file(storage, storedName(accountId, key))
      files.push({ file: file ?? `files/missing-${key}`, file_name, media_type: types.get(key) ?? '' })
    }
    return files
  }

  async #file(storage: Storage, name: string): Promise<string | undefined> {
    try {
      const { path, sha256 } = await writeTemporaryFile(join(this.#folder, 'files'), await storage.get(name))
      const file = `files/${sha256}`
      await rename(path, join(this.#folder, file))
      this.#done.files += 1
      return file
    } catch (error) {
      if (!(error instanceof Refusal) || error.reason !== 'not_found') throw error
      this.#done.missing += 1
      return undefined
    }
  }

  #report(): void {
    this.#tell(this.#done.contacts + this.#done.messages, this.#all)
  }
}
