import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import type { Database, Queries } from '../../db/database.ts'
import { storedName } from '../../files/names.ts'
import type { Storage } from '../../files/storage.ts'
import { writeTemporaryFile } from '../../files/temporary-files.ts'
import { systemOf } from '../../lib/actor.ts'
import { Refusal } from '../../lib/errors.ts'
import { selectCompanyNames } from '../companies/parts.store.ts'
import { listInboxNames } from '../inboxes/service.ts'
import { contactHeader, contactLine } from './contact-file.ts'
import {
  countAll,
  selectContactInboxes,
  selectContactLabels,
  selectContacts,
  selectConversationsAfter,
  selectLabelTitles,
  selectMediaTypes,
  selectMessagesAfter,
} from './export.store.ts'
import { conversationLine, type ExportFile, exportedContact, messageLine } from './export-lines.ts'
import { FileWriter } from './file-writer.ts'

/** What to export, and how. */
export interface ExportSource {
  database: Database
  storage: Storage
  accountId: number
  /** Only this inbox; undefined for the whole account. */
  inboxId: number | undefined
  /** Makes formulas in the CSV file text. Such a file cannot be imported unchanged. */
  forSpreadsheets: boolean
}

export interface ExportResult {
  contacts: number
  conversations: number
  messages: number
  files: number
  /** Files that are missing in the storage. */
  missing: number
}

// Rows in one query.
const pageSize = 500
const conversationPageSize = 100

/**
 * Writes a snapshot of the contacts and conversations of an account into the empty folder `folder`, in the formats that
 * `Import` reads. Memory use is constant. Calls `onProgress` with the number of contacts and messages written, and with
 * their total. Throws `invalid` if there is no such inbox, or if two inboxes have the same name.
 */
export function exportTo(
  folder: string,
  source: ExportSource,
  onProgress: (done: number, all: number) => void,
): Promise<ExportResult> {
  return source.database.snapshot((queries) => new Export(folder, source, queries, onProgress).run())
}

class Export {
  readonly #folder: string
  readonly #source: ExportSource
  readonly #queries: Queries
  readonly #onProgress: (done: number, all: number) => void
  readonly #result: ExportResult = { contacts: 0, conversations: 0, messages: 0, files: 0, missing: 0 }
  #total = 0

  constructor(
    folder: string,
    source: ExportSource,
    queries: Queries,
    onProgress: (done: number, all: number) => void,
  ) {
    this.#folder = folder
    this.#source = source
    this.#queries = queries
    this.#onProgress = onProgress
  }

  async run(): Promise<ExportResult> {
    const { accountId, inboxId } = this.#source
    const inboxes = await this.#inboxNames()
    this.#total = await countAll(this.#queries, accountId, inboxId)
    await FileWriter.create(join(this.#folder, 'contacts.csv'), (writer) =>
      this.#contacts(writer, inboxes[0]),
    )
    await FileWriter.create(join(this.#folder, 'conversations.jsonl'), (writer) =>
      this.#conversations(writer),
    )
    this.#onProgress(this.#total, this.#total)
    return this.#result
  }

  /** The names of the inboxes, by which files refer to them. */
  async #inboxNames(): Promise<string[]> {
    const { accountId, inboxId } = this.#source
    const all = await listInboxNames(this.#queries, systemOf(accountId))
    const names = all.filter(({ id }) => inboxId === undefined || id === inboxId).map(({ name }) => name)
    if (inboxId !== undefined && names.length === 0) {
      throw new Refusal('invalid', `Account ${accountId} has no inbox ${inboxId}.`)
    }
    const duplicate = names.find((name, index) => names.indexOf(name) !== index)
    if (duplicate !== undefined) {
      throw new Refusal(
        'invalid',
        `Two inboxes are called "${duplicate}": rename one, or export each with --inbox.`,
      )
    }
    return names.sort()
  }

  async #contacts(writer: FileWriter, fallback: string | undefined): Promise<void> {
    const { accountId, inboxId, forSpreadsheets } = this.#source
    await writer.write(contactHeader)
    for (let after = 0; ; ) {
      const rows = await selectContacts(this.#queries, accountId, inboxId, after, pageSize)
      if (rows.length === 0) return
      const last = rows.at(-1)!.id
      const all = await selectContactInboxes(this.#queries, accountId, rows[0]!.id, last)
      const names = Map.groupBy(all, ({ contact_id }) => contact_id)
      const titles = await selectContactLabels(this.#queries, accountId, rows[0]!.id, last)
      const labels = Map.groupBy(titles, ({ contact_id }) => contact_id)
      const companies = await selectCompanyNames(this.#queries, accountId, rows)
      for (const row of rows) {
        const own = (names.get(row.id) ?? []).filter(
          (one) => inboxId === undefined || one.inbox_id === inboxId,
        )
        const ownLabels = (labels.get(row.id) ?? []).map(({ title }) => title)
        const company = companies.get(row.company_id ?? 0)?.name
        const exported = exportedContact(row, own, ownLabels, company, fallback)
        await writer.write(contactLine(exported, forSpreadsheets))
      }
      this.#result.contacts += rows.length
      this.#report()
      after = last
    }
  }

  async #conversations(writer: FileWriter): Promise<void> {
    const { accountId, inboxId } = this.#source
    for (let after = 0; ; ) {
      const rows = await selectConversationsAfter(
        this.#queries,
        accountId,
        inboxId,
        after,
        conversationPageSize,
      )
      if (rows.length === 0) return
      const ids = rows.map(({ id }) => id)
      const titles = await selectLabelTitles(this.#queries, accountId, ids)
      const labels = Map.groupBy(titles, ({ conversation_id }) => conversation_id)
      for (const row of rows) {
        const own = (labels.get(row.id) ?? []).map(({ title }) => title)
        await writer.write(conversationLine(row, own))
        await this.#messages(writer, row.id)
      }
      this.#result.conversations += rows.length
      after = ids.at(-1)!
    }
  }

  async #messages(writer: FileWriter, conversationId: number): Promise<void> {
    const { accountId } = this.#source
    for (let after = 0; ; ) {
      const rows = await selectMessagesAfter(this.#queries, accountId, conversationId, after, pageSize)
      for (const row of rows) await writer.write(messageLine(row, await this.#files(row.attachments)))
      this.#result.messages += rows.length
      this.#report()
      if (rows.length < pageSize) return
      after = rows.at(-1)!.id
    }
  }

  /** Copies the files of a message into the folder, each named after the hash of its content. */
  async #files(attachments: string | null): Promise<ExportFile[]> {
    if (attachments === null) return []
    const { accountId, storage } = this.#source
    const stored: { key: string; file_name: string }[] = JSON.parse(attachments)
    const keys = stored.map(({ key }) => key)
    const types = await selectMediaTypes(this.#queries, accountId, keys)
    const files: ExportFile[] = []
    for (const { key, file_name } of stored) {
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
      this.#result.files += 1
      return file
    } catch (error) {
      if (!(error instanceof Refusal) || error.code !== 'not_found') throw error
      this.#result.missing += 1
      return undefined
    }
  }

  #report(): void {
    this.#onProgress(this.#result.contacts + this.#result.messages, this.#total)
  }
}
