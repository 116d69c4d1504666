import { randomUUID } from 'node:crypto'
import type { Queries } from '../../db/database.ts'
import { normalizeEmail } from '../../lib/email.ts'
import { attributesText } from '../../lib/json.ts'
import type { AccountLookup } from './account-lookup.ts'
import type { ContactImport } from './contacts.ts'
import { selectContactInboxesOf, selectConversations } from './conversation.store.ts'
import type { Run } from './run.ts'
import { fromTime, type ImportedConversation } from './schema.ts'
import { contactInboxColumns, generatedById } from './source-ids.ts'
import { selectContactInboxes, selectContactsBy, selectSecrets } from './store.ts'

/** The conversation of messages in a batch: one that exists, or a new one. */
export interface TargetConversation {
  /** The `source_id` in the file. */
  sourceId: string
  /** Undefined until it is stored. */
  id?: number
  inbox_id: number
  contact_id: number
  /** What to store, if it is new. */
  creation?: { row: Columns; labelIds: number[]; createsContactInbox: boolean }
  /** Milliseconds. Both times only grow. */
  last_activity_at: number
  updated_at: number
  /** Messages after a fault are left out: an import after the correction can only append messages, not insert them. */
  isSkipped: boolean
}

type Columns = ReturnType<typeof columnsOf>

interface ContactInbox {
  contact_id: number
  source_id: string
  isNew: boolean
}

/** Finds the conversations and contacts that the lines of a batch refer to, with few queries. */
export class ConversationLookup {
  readonly #run: Run
  readonly #accountLookup: AccountLookup
  readonly #contacts: ContactImport
  readonly #queries: Queries
  readonly #conversations = new Map<string, TargetConversation>()
  readonly #contactInboxes = new Map<string, ContactInbox>()

  private constructor(run: Run, accountLookup: AccountLookup, contacts: ContactImport, queries: Queries) {
    this.#run = run
    this.#accountLookup = accountLookup
    this.#contacts = contacts
    this.#queries = queries
  }

  /** Runs the queries for these lines. */
  static async load(
    lines: ImportedConversation[],
    run: Run,
    accountLookup: AccountLookup,
    contacts: ContactImport,
    queries: Queries,
  ): Promise<ConversationLookup> {
    const lookup = new ConversationLookup(run, accountLookup, contacts, queries)
    await lookup.#loadConversations(lines)
    await lookup.#loadContacts(lines.filter(({ source_id }) => !lookup.#conversations.has(source_id)))
    return lookup
  }

  /** The conversation of a line: an existing one, or a new one to store. Returns a sentence if the line has a fault. */
  async find(
    line: ImportedConversation,
  ): Promise<{ conversation: TargetConversation; isNew: boolean } | string> {
    const existing = this.#conversations.get(line.source_id)
    if (existing) return { conversation: existing, isNew: false }
    const conversation = await this.#newConversation(line)
    if (typeof conversation === 'string') return conversation
    this.#conversations.set(line.source_id, conversation)
    return { conversation, isNew: true }
  }

  async #loadConversations(lines: ImportedConversation[]): Promise<void> {
    const sourceIds = lines.map(({ source_id }) => source_id)
    const generated = generatedById(sourceIds)
    const { accountId, dryRun } = this.#run
    const select = (column: 'origin_id' | 'id', values: (string | number)[]) =>
      selectConversations(this.#queries, accountId, column, values, !dryRun)
    /** The conversation that has the messages of one that was merged. */
    const current = async (row: Awaited<ReturnType<typeof select>>[number]): Promise<typeof row> => {
      const [target] = row.merged_into_id === null ? [] : await select('id', [row.merged_into_id])
      return target ? current(target) : row
    }
    const add = (sourceId: string, row: Parameters<typeof existingConversation>[1]) =>
      this.#conversations.set(sourceId, existingConversation(sourceId, row))
    for (const row of await select('id', [...generated.keys()])) {
      const { sourceId, time } = generated.get(row.id)!
      if (row.origin_id === null && row.created_at === time) add(sourceId, await current(row))
    }
    for (const row of await select('origin_id', sourceIds)) add(row.origin_id!, await current(row))
  }

  /** Finds the contacts of new conversations by their names at the inbox, otherwise by `#findOtherContacts`. */
  async #loadContacts(lines: ImportedConversation[]): Promise<void> {
    const { accountId, inboxes } = this.#run
    for (const [inboxId, some] of Map.groupBy(lines, ({ inbox }) => inboxes.find(inbox))) {
      if (typeof inboxId === 'string') continue
      const names = new Map(some.map(({ contact }) => [contactInboxColumns(contact).source_id, contact]))
      const rows = await selectContactInboxes(this.#queries, accountId, inboxId, [...names.keys()])
      for (const row of rows) {
        this.#contactInboxes.set(`${inboxId} ${names.get(row.source_id)}`, { ...row, isNew: false })
        names.delete(row.source_id)
      }
      const others = await this.#findOtherContacts(inboxId, names)
      const ids = [...new Set(others.values())]
      const otherRows = await selectContactInboxesOf(this.#queries, accountId, inboxId, ids)
      const oldest = new Map(otherRows.map(({ contact_id, source_id }) => [contact_id, source_id]))
      const byContact = new Map<number, ContactInbox>()
      for (const [name, id] of others) {
        const source_id = oldest.get(id) ?? randomUUID()
        const contactInbox = byContact.get(id) ?? { contact_id: id, source_id, isNew: !oldest.has(id) }
        byContact.set(id, contactInbox)
        this.#contactInboxes.set(`${inboxId} ${name}`, contactInbox)
      }
    }
  }

  /** Finds contacts by e-mail address, by a `source_id` that an export of this installation generated, or by secret. */
  async #findOtherContacts(inboxId: number, names: Map<string, string>): Promise<Map<string, number>> {
    const { accountId } = this.#run
    const contactIds = new Map<string, number>()
    const namesByEmail = Map.groupBy(names.values(), (name) => normalizeEmail(name))
    const emails = [...namesByEmail.keys()]
    for (const { id, email } of await selectContactsBy(this.#queries, accountId, 'email', emails)) {
      for (const name of namesByEmail.get(email!)!) contactIds.set(name, id)
    }
    const generated = generatedById([...names.values()])
    const ids = [...generated.keys()]
    for (const { id, created_at } of await selectContactsBy(this.#queries, accountId, 'id', ids)) {
      const { sourceId, time } = generated.get(id)!
      if (time === created_at) contactIds.set(sourceId, id)
    }
    const hashes = [...names.keys()]
    for (const { hash, contact_id } of await selectSecrets(this.#queries, accountId, inboxId, hashes)) {
      contactIds.set(names.get(hash)!, contact_id)
    }
    return contactIds
  }

  async #newConversation(line: ImportedConversation): Promise<TargetConversation | string> {
    const inbox_id = this.#run.inboxes.find(line.inbox)
    if (typeof inbox_id === 'string') return `inbox ${inbox_id}`
    const planned = { contact_id: 0, source_id: line.contact, isNew: false }
    const contactInbox =
      this.#contactInboxes.get(`${inbox_id} ${line.contact}`) ??
      (this.#contacts.hasPlanned(inbox_id, line.contact) ? planned : undefined)
    if (!contactInbox) return 'contact must be a source_id of this inbox or the e-mail address of a contact'
    const { contact_id, source_id } = contactInbox
    const assignee_id = line.assignee === undefined ? null : this.#accountLookup.agent(line.assignee)
    if (assignee_id === undefined) return 'assignee must be the e-mail address of an agent of this account'
    if (
      assignee_id !== null &&
      !(await this.#accountLookup.mayWorkIn(this.#queries, inbox_id, assignee_id))
    ) {
      return 'assignee must be a member of this inbox or an administrator'
    }
    const team_id = line.team === undefined ? null : this.#accountLookup.team(line.team)
    if (team_id === undefined) return 'team must be the name of a team of this account'
    const titles = [...new Set(line.labels)]
    const labelIds = titles.map((title) => this.#accountLookup.label(title))
    const unknown = titles.filter((_, index) => labelIds[index] === undefined)
    if (unknown.length > 0) return `labels must exist in this account; missing: ${unknown.join(', ')}`
    const custom_attributes = this.#accountLookup.attributes(line.custom_attributes)
    const row = columnsOf(
      { ...line, custom_attributes },
      {
        account_id: this.#run.accountId,
        inbox_id,
        contact_id,
        source_id,
        assignee_id,
        team_id,
      },
    )
    const createsContactInbox = contactInbox.isNew
    contactInbox.isNew = false
    return {
      sourceId: line.source_id,
      inbox_id,
      contact_id,
      creation: { row, labelIds: labelIds as number[], createsContactInbox },
      last_activity_at: row.created_at,
      updated_at: row.updated_at,
      isSkipped: false,
    }
  }
}

/** The target for a stored conversation. */
export function existingConversation(
  sourceId: string,
  row: Pick<TargetConversation, 'id' | 'inbox_id' | 'contact_id' | 'last_activity_at'>,
): TargetConversation {
  const { id, inbox_id, contact_id, last_activity_at } = row
  return { sourceId, id: id!, inbox_id, contact_id, last_activity_at, updated_at: 0, isSkipped: false }
}

interface References {
  account_id: number
  inbox_id: number
  contact_id: number
  source_id: string
  assignee_id: number | null
  team_id: number | null
}

function columnsOf(line: ImportedConversation, references: References) {
  const time = (seconds: number | undefined) => (seconds === undefined ? null : fromTime(seconds))
  const created_at = fromTime(line.created_at)
  return {
    ...references,
    status: line.status,
    priority: line.priority ?? null,
    snoozed_until: time(line.snoozed_until),
    unread_count: line.unread_count,
    custom_attributes: attributesText('custom_attributes', line.custom_attributes),
    additional_attributes: attributesText('additional_attributes', line.additional_attributes),
    agent_last_seen_at: time(line.agent_last_seen_at),
    contact_last_seen_at: time(line.contact_last_seen_at),
    created_at,
    updated_at: Math.max(created_at, time(line.updated_at) ?? 0),
    origin_id: line.source_id,
    subject: line.subject ?? null,
  }
}
