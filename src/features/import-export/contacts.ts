import type { Queries } from '../../db/database.ts'
import { reserveIds } from '../../db/ids.ts'
import { systemOf } from '../../lib/actor.ts'
import { Refusal } from '../../lib/errors.ts'
import { ensureCompanies, findCompaniesOfEmails } from '../companies/service.ts'
import { definitionsOf } from '../custom-attributes/service.ts'
import { type Definitions, readWith } from '../custom-attributes/validation.ts'
import { listLabels } from '../labels/service.ts'
import { textOfContact } from '../search/parts.store.ts'
import { addDocuments } from '../search/service.ts'
import type { ContactLine } from './contact-file.ts'
import { type ContactInbox, contactInboxKey, fieldKey, keysOf, rowOf, uniqueColumns } from './contact-keys.ts'
import { PlannedContacts } from './planned-contacts.ts'
import { type Count, type Fault, type Outcome, type Run, runBatch } from './run.ts'
import type { ImportedContact } from './schema.ts'
import { contactInboxColumns, generatedById } from './source-ids.ts'
import {
  insertContactInboxes,
  insertContactLabels,
  insertContacts,
  insertSecrets,
  selectContactInboxes,
  selectContactsBy,
  selectSecrets,
} from './store.ts'

/**
 * A contact that exists, or that this batch creates: then without an id until it is stored. In a dry run, what would be
 * created has a negative one.
 */
interface ContactRef {
  id?: number
}

/** A line without faults. */
interface ValidLine {
  line: number
  row: ReturnType<typeof rowOf>
  contactInboxes: ContactInbox[]
  labelIds: number[]
}
interface NewContact {
  contact: ContactRef
  labelIds: number[]
  row: ReturnType<typeof rowOf>
}
type NewContactInbox = ContactInbox & { contact: ContactRef }

/**
 * Imports contacts in batches. If a contact exists already, by one of its names at an inbox or one of its unique fields, it
 * does not change, but gets the additional names.
 */
export class ContactImport {
  readonly #run: Run
  // The contacts of previous batches in a dry run, which stores nothing.
  readonly #planned = new PlannedContacts()
  #plannedCount = 0
  // Those of the last batch.
  #added = new Map<string, ContactRef>()

  constructor(run: Run) {
    this.#run = run
  }

  /** Whether a previous batch of a dry run has a contact with this name at an inbox. */
  hasPlanned(inboxId: number, sourceId: string): boolean {
    const key = contactInboxKey({ inbox_id: inboxId, ...contactInboxColumns(sourceId) })
    return this.#planned.get(key) !== undefined
  }

  /** How many names of contacts a dry run keeps in memory. */
  get plannedNames(): number {
    return this.#planned.size
  }

  /** Imports a batch of lines. */
  async batch(lines: readonly ContactLine[]): Promise<Outcome> {
    const outcome = await runBatch(this.#run, (queries, mayWrite) => this.batchIn(queries, lines, mayWrite))
    this.remember()
    return outcome
  }

  /** Lets later batches of a dry run know the contacts of the last one. Until then it can be repeated. */
  remember(): void {
    for (const [key, contact] of this.#added) {
      if (contact.id === undefined) {
        this.#plannedCount += 1
        contact.id = -this.#plannedCount
      }
      this.#planned.set(key, contact.id)
    }
    this.#added.clear()
  }

  /** Imports a batch of lines in the caller's transaction, or only checks it if `mayWrite` is false. */
  async batchIn(queries: Queries, lines: readonly ContactLine[], mayWrite: boolean): Promise<Outcome> {
    const faults: Fault[] = []
    const count: Count = { stored: 0, known: 0, leftOut: 0 }
    const validLines: ValidLine[] = []
    const labels = await this.#labelsOf(queries, lines)
    const definitions = await definitionsOf(queries, this.#run.accountId, 'contact_attribute')
    for (const line of lines) {
      const result = 'sentence' in line ? line : this.#check(line, labels, definitions)
      if ('sentence' in result) faults.push(result)
      else validLines.push(result)
    }
    const contacts = await this.#findExisting(queries, validLines)
    const newContacts: NewContact[] = []
    const newContactInboxes: NewContactInbox[] = []
    const added = new Map<string, ContactRef>()
    const add = (key: string, contact: ContactRef) => {
      contacts.set(key, contact)
      added.set(key, contact)
    }
    for (const { line, row, contactInboxes, labelIds } of validLines) {
      const matches = keysOf(row, contactInboxes).flatMap(([field, key]) => {
        const contact = contacts.get(key)
        return contact ? [{ field, contact }] : []
      })
      const other = matches.find(({ contact }) => contact !== matches[0]!.contact)
      if (other) {
        const sentence = `${other.field} belongs to another contact than ${matches[0]!.field}`
        faults.push({ line, sentence })
        continue
      }
      const contact = matches[0]?.contact ?? {}
      if (matches.length > 0) count.known += 1
      else {
        count.stored += 1
        newContacts.push({ contact, row, labelIds })
        for (const [, key] of keysOf(row, [])) add(key, contact)
      }
      for (const contactInbox of contactInboxes) {
        const key = contactInboxKey(contactInbox)
        if (contacts.has(key)) continue
        add(key, contact)
        newContactInboxes.push({ ...contactInbox, contact })
      }
    }
    count.leftOut = faults.length
    if (mayWrite) await this.#write(queries, newContacts, newContactInboxes)
    else this.#added = added
    return { faults, counts: { contacts: count } }
  }

  /** The ids of the account's labels by title; none if no line has labels. */
  async #labelsOf(queries: Queries, lines: readonly ContactLine[]): Promise<Map<string, number>> {
    if (!lines.some((line) => 'contact' in line && line.contact.labels)) return new Map()
    const labels = await listLabels(queries, systemOf(this.#run.accountId))
    return new Map(labels.map(({ id, title }) => [title, id]))
  }

  #check(
    { line, contact }: { line: number; contact: ImportedContact },
    labels: Map<string, number>,
    definitions: Definitions,
  ): ValidLine | Fault {
    try {
      const titles = [...new Set(contact.labels)]
      const unknown = titles.filter((title) => !labels.has(title))
      if (unknown.length > 0)
        return { line, sentence: `labels must exist in this account; missing: ${unknown.join(', ')}` }
      const labelIds = titles.map((title) => labels.get(title)!)
      const custom_attributes = readWith(definitions, contact.custom_attributes)
      const row = rowOf(this.#run.accountId, { ...contact, custom_attributes })
      const contactInboxes = this.#contactInboxesOf(contact)
      if (typeof contactInboxes === 'string') return { line, sentence: contactInboxes }
      if (keysOf(row, contactInboxes).length > 0) return { line, row, contactInboxes, labelIds }
      return {
        line,
        sentence:
          'source_id, email, phone_number or identifier is required: otherwise each import would create the contact again',
      }
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      return { line, sentence: error.message }
    }
  }

  #contactInboxesOf({ source_id, contact_inboxes = [] }: ImportedContact): ContactInbox[] | string {
    const all = [...(source_id ? [{ inbox: undefined, source_id }] : []), ...contact_inboxes]
    const contactInboxes: ContactInbox[] = []
    for (const { inbox, source_id } of all) {
      const inbox_id = this.#run.inboxes.find(inbox)
      if (typeof inbox_id === 'string') {
        return inbox === undefined ? 'source_id requires --inbox' : `contact_inboxes: "${inbox}" ${inbox_id}`
      }
      contactInboxes.push({ inbox_id, ...contactInboxColumns(source_id) })
    }
    return contactInboxes
  }

  /** The existing contacts of the lines, by their keys; in a dry run also those of previous batches. */
  async #findExisting(queries: Queries, lines: ValidLine[]) {
    const { accountId } = this.#run
    const contacts = new Map<string, ContactRef>()
    const byId = new Map<number, ContactRef>()
    const contactWithId = (id: number) => byId.get(id) ?? (byId.set(id, { id }).get(id) as ContactRef)
    if (this.#run.dryRun) {
      for (const [, key] of lines.flatMap(({ row, contactInboxes }) => keysOf(row, contactInboxes))) {
        const id = this.#planned.get(key)
        if (id !== undefined) contacts.set(key, contactWithId(id))
      }
    }
    for (const column of uniqueColumns) {
      const values = lines.map(({ row }) => row[column]).filter((value) => value !== null)
      for (const row of await selectContactsBy(queries, accountId, column, values)) {
        contacts.set(fieldKey(column, row[column]!), contactWithId(row.id))
      }
    }
    const contactInboxes = lines.flatMap((one) => one.contactInboxes)
    for (const [inbox_id, some] of Map.groupBy(contactInboxes, (one) => one.inbox_id)) {
      const setContact = (source_id: string, id: number) =>
        contacts.set(contactInboxKey({ inbox_id, source_id }), contactWithId(id))
      const sourceIds = some.map(({ source_id }) => source_id)
      const generated = generatedById(sourceIds)
      const ids = [...generated.keys()]
      for (const { id, created_at } of await selectContactsBy(queries, accountId, 'id', ids)) {
        const { sourceId, time } = generated.get(id)!
        if (time === created_at) setContact(sourceId, id)
      }
      for (const row of await selectContactInboxes(queries, accountId, inbox_id, sourceIds)) {
        setContact(row.source_id, row.contact_id)
      }
      const hashes = some.flatMap(({ source_id, has_name }) => (has_name === 0 ? source_id : []))
      for (const { hash, contact_id } of await selectSecrets(queries, accountId, inbox_id, hashes)) {
        setContact(hash, contact_id)
      }
    }
    return contacts
  }

  /**
   * The companies of new contacts: the ones with the names in the file, which are created if they do not exist, and otherwise
   * the ones with the domains of their e-mail addresses.
   */
  async #companiesOf(tx: Queries, contacts: NewContact[]): Promise<(number | null)[]> {
    const { accountId } = this.#run
    const names = contacts.flatMap(({ row }) => row.company ?? [])
    const emails = contacts.flatMap(({ row }) => (row.company === null ? (row.email ?? []) : []))
    const byEmail = await findCompaniesOfEmails(tx, accountId, emails)
    const byName = await ensureCompanies(tx, systemOf(accountId), [...new Set(names)])
    return contacts.map(({ row: { company, email } }) => {
      return (company === null ? byEmail.get(email ?? '') : byName.get(company)) ?? null
    })
  }

  async #write(tx: Queries, newContacts: NewContact[], newContactInboxes: NewContactInbox[]): Promise<void> {
    const { accountId } = this.#run
    const count = newContacts.length
    if (count > 0) {
      const lastId = await reserveIds(tx, accountId, 'contacts', count)
      for (const [index, { contact }] of newContacts.entries()) contact.id = lastId - count + 1 + index
    }
    const companies = await this.#companiesOf(tx, newContacts)
    const rows = newContacts.map(({ contact, row: { company: _, ...row } }, index) => {
      return { ...row, id: contact.id!, company_id: companies[index]! }
    })
    await insertContacts(tx, rows)
    await insertContactLabels(
      tx,
      newContacts.flatMap(({ contact, labelIds }) =>
        labelIds.map((label_id) => ({ account_id: accountId, contact_id: contact.id!, label_id })),
      ),
    )
    const now = Date.now()
    const contactInboxes = newContactInboxes.map(({ contact, ...columns }, index) => {
      // Different times, because the names of a contact are ordered by them.
      return { ...columns, account_id: accountId, contact_id: contact.id!, created_at: now + index }
    })
    await insertContactInboxes(tx, contactInboxes)
    const secrets = contactInboxes.filter(({ has_name }) => has_name === 0)
    await insertSecrets(
      tx,
      secrets.map((one) => ({ ...one, hash: one.source_id })),
    )
    const texts = rows.map((row) => {
      return {
        subject: 'contact' as const,
        subject_id: row.id,
        conversation_id: null,
        text: textOfContact(row),
      }
    })
    await addDocuments(tx, accountId, texts)
  }
}
