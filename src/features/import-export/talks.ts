import { randomUUID } from 'node:crypto'
import type { Queries } from '../../db/database.ts'
import { normalizeEmail } from '../../lib/email.ts'
import { attributesText } from '../../lib/json.ts'
import type { ContactImport } from './contacts.ts'
import { selectConversations, selectDoorsOf } from './conversation.store.ts'
import type { Directory } from './directory.ts'
import { contactInboxOf, nativeName } from './names.ts'
import type { Run } from './run.ts'
import { fromTime, type ImportedConversation } from './schema.ts'
import { selectContactsBy, selectDoors, selectSecrets } from './store.ts'

/** A conversation that messages of a batch belong to. */
export interface Talk {
  /** In the file. */
  name: string
  /** Undefined until it is stored. */
  id?: number
  inbox_id: number
  contact_id: number
  /** What is stored of it, where the batch makes it. */
  made?: { row: Columns; labelIds: number[]; opensDoor: boolean }
  /** When its last message was written, and when it was changed last, in milliseconds: both only grow. */
  last_activity_at: number
  updated_at: number
  /** What comes below a fault is left out: messages cannot be put in between later. */
  isStopped: boolean
}

type Columns = ReturnType<typeof columnsOf>

/** What lines of conversations name, looked up at once. */
export class Found {
  readonly #run: Run
  readonly #directory: Directory
  readonly #contacts: ContactImport
  readonly #queries: Queries
  readonly #talks = new Map<string, Talk>()
  readonly #doors = new Map<string, { contact_id: number; source_id: string; isNew: boolean }>()

  private constructor(run: Run, directory: Directory, contacts: ContactImport, queries: Queries) {
    this.#run = run
    this.#directory = directory
    this.#contacts = contacts
    this.#queries = queries
  }

  static async by(
    lines: ImportedConversation[],
    run: Run,
    directory: Directory,
    contacts: ContactImport,
    queries: Queries,
  ): Promise<Found> {
    const found = new Found(run, directory, contacts, queries)
    await found.#findTalks(lines)
    await found.#findContacts(lines.filter(({ source_id }) => !found.#talks.has(source_id)))
    return found
  }

  /** The conversation of a line, to be made where it is not there; a sentence where it cannot be. */
  async talk(line: ImportedConversation): Promise<{ talk: Talk; isNew: boolean } | string> {
    const known = this.#talks.get(line.source_id)
    if (known) return { talk: known, isNew: false }
    const talk = await this.#newTalk(line)
    if (typeof talk === 'string') return talk
    this.#talks.set(line.source_id, talk)
    return { talk, isNew: true }
  }

  async #findTalks(lines: ImportedConversation[]): Promise<void> {
    const names = lines.map(({ source_id }) => source_id)
    const native = new Map(names.flatMap((name) => nativeName(name) ?? []).map((one) => [one.id, one]))
    const { accountId, dryRun } = this.#run
    const find = (column: 'origin_id' | 'id', values: (string | number)[]) =>
      selectConversations(this.#queries, accountId, column, values, !dryRun)
    for (const row of await find('id', [...native.keys()])) {
      const { name, time } = native.get(row.id)!
      if (row.origin_id === null && row.created_at === time) this.#talks.set(name, talkOf(name, row))
    }
    for (const row of await find('origin_id', names))
      this.#talks.set(row.origin_id!, talkOf(row.origin_id!, row))
  }

  /** By their names at the inbox, else by what `#others` knows. */
  async #findContacts(lines: ImportedConversation[]): Promise<void> {
    const { accountId, inboxes } = this.#run
    for (const [inboxId, some] of Map.groupBy(lines, ({ inbox }) => inboxes.find(inbox))) {
      if (typeof inboxId === 'string') continue
      const names = new Map(some.map(({ contact }) => [contactInboxOf(contact).source_id, contact]))
      for (const door of await selectDoors(this.#queries, accountId, inboxId, [...names.keys()])) {
        this.#doors.set(`${inboxId} ${names.get(door.source_id)}`, { ...door, isNew: false })
        names.delete(door.source_id)
      }
      const others = await this.#others(inboxId, names)
      const doors = await selectDoorsOf(this.#queries, accountId, inboxId, [...new Set(others.values())])
      const oldest = new Map(doors.map(({ contact_id, source_id }) => [contact_id, source_id]))
      const made = new Map<number, { contact_id: number; source_id: string; isNew: boolean }>()
      for (const [name, id] of others) {
        const source_id = oldest.get(id) ?? randomUUID()
        const door = made.get(id) ?? { contact_id: id, source_id, isNew: !oldest.has(id) }
        made.set(id, door)
        this.#doors.set(`${inboxId} ${name}`, door)
      }
    }
  }

  /** Contacts by their secret, their e-mail address, or the name that an export of this installation has given them. */
  async #others(inboxId: number, names: Map<string, string>): Promise<Map<string, number>> {
    const { accountId } = this.#run
    const others = new Map<string, number>()
    const addresses = Map.groupBy(names.values(), (name) => normalizeEmail(name))
    for (const { id, email } of await selectContactsBy(this.#queries, accountId, 'email', [
      ...addresses.keys(),
    ])) {
      for (const name of addresses.get(email!)!) others.set(name, id)
    }
    const native = new Map(
      [...names.values()].flatMap((name) => nativeName(name) ?? []).map((one) => [one.id, one]),
    )
    for (const { id, created_at } of await selectContactsBy(this.#queries, accountId, 'id', [
      ...native.keys(),
    ])) {
      const { name, time } = native.get(id)!
      if (time === created_at) others.set(name, id)
    }
    for (const { hash, contact_id } of await selectSecrets(this.#queries, accountId, inboxId, [
      ...names.keys(),
    ])) {
      others.set(names.get(hash)!, contact_id)
    }
    return others
  }

  async #newTalk(line: ImportedConversation): Promise<Talk | string> {
    const inbox_id = this.#run.inboxes.find(line.inbox)
    if (typeof inbox_id === 'string') return `inbox ${inbox_id}`
    const planned = { contact_id: 0, source_id: line.contact, isNew: false }
    const door =
      this.#doors.get(`${inbox_id} ${line.contact}`) ??
      (this.#contacts.hasPlanned(inbox_id, line.contact) ? planned : undefined)
    if (!door) return 'contact is neither a source_id of this inbox nor the e-mail of a contact'
    const { contact_id, source_id } = door
    const assignee_id = line.assignee === undefined ? null : this.#directory.agent(line.assignee)
    if (assignee_id === undefined) return 'assignee is the e-mail of no agent of this account'
    if (assignee_id !== null && !(await this.#directory.mayWorkIn(this.#queries, inbox_id, assignee_id))) {
      return 'assignee names nobody who works in this inbox'
    }
    const team_id = line.team === undefined ? null : this.#directory.team(line.team)
    if (team_id === undefined) return 'team names no team of this account'
    const titles = [...new Set(line.labels)]
    const labelIds = titles.map((title) => this.#directory.label(title))
    const unknown = titles.filter((_, index) => labelIds[index] === undefined)
    if (unknown.length > 0) return `labels names no label of this account: ${unknown.join(', ')}`
    const row = columnsOf(line, {
      account_id: this.#run.accountId,
      inbox_id,
      contact_id,
      source_id,
      assignee_id,
      team_id,
    })
    const opensDoor = door.isNew
    door.isNew = false
    return {
      name: line.source_id,
      inbox_id,
      contact_id,
      made: { row, labelIds: labelIds as number[], opensDoor },
      last_activity_at: row.created_at,
      updated_at: row.updated_at,
      isStopped: false,
    }
  }
}

/** A conversation that is there. */
export function talkOf(name: string, row: Omit<Talk, 'name' | 'made' | 'isStopped' | 'updated_at'>): Talk {
  const { id, inbox_id, contact_id, last_activity_at } = row
  return { name, id: id!, inbox_id, contact_id, last_activity_at, updated_at: 0, isStopped: false }
}

interface Place {
  account_id: number
  inbox_id: number
  contact_id: number
  source_id: string
  assignee_id: number | null
  team_id: number | null
}

function columnsOf(line: ImportedConversation, place: Place) {
  const time = (seconds: number | undefined) => (seconds === undefined ? null : fromTime(seconds))
  const created_at = fromTime(line.created_at)
  return {
    ...place,
    status: line.status,
    priority: line.priority ?? null,
    snoozed_until: time(line.snoozed_until),
    unread_count: line.unread_count,
    custom_attributes: attributesText('custom_attributes', line.custom_attributes),
    agent_last_seen_at: time(line.agent_last_seen_at),
    contact_last_seen_at: time(line.contact_last_seen_at),
    created_at,
    updated_at: Math.max(created_at, time(line.updated_at) ?? 0),
    origin_id: line.source_id,
  }
}
