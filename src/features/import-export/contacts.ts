import type { Queries } from '../../db/database.ts'
import { reserveIds } from '../../db/ids.ts'
import { Refusal } from '../../lib/errors.ts'
import { contactFields } from '../contacts/service.ts'
import { addDocuments, textOfContact } from '../search/service.ts'
import type { ContactLine } from './contact-file.ts'
import { contactInboxOf, nativeName } from './names.ts'
import { type Count, type Fault, type Outcome, type Run, runBatch } from './run.ts'
import { fromTime, type ImportedContact } from './schema.ts'
import {
  insertContacts,
  insertDoors,
  insertSecrets,
  selectContactsBy,
  selectDoors,
  selectSecrets,
} from './store.ts'

/** A contact that is there, or that this batch makes. */
interface Person {
  id?: number
}
interface Door {
  inbox_id: number
  source_id: string
  has_name: number
}

/** A line as it may be stored. */
interface Wanted {
  line: number
  row: ReturnType<typeof rowOf>
  doors: Door[]
}
interface Made {
  person: Person
  row: ReturnType<typeof rowOf>
}

/** What a contact is known by, each as text that is its own. */
const unique = ['email', 'phone_number', 'identifier'] as const

/**
 * Imports contacts in batches. A contact that is there already, by one of its names at an inbox or one of the fields that
 * are unique, stays as it is, and has the further names from now on.
 */
export class ContactImport {
  readonly #run: Run
  // Of a dry run, in which nothing is there of the batches before.
  readonly #planned = new Map<string, Person>()

  constructor(run: Run) {
    this.#run = run
  }

  /** Whether a dry run has seen a contact with this name at an inbox. */
  hasPlanned(inboxId: number, sourceId: string): boolean {
    return this.#planned.has(doorKey({ inbox_id: inboxId, ...contactInboxOf(sourceId) }))
  }

  batch(lines: ContactLine[]): Promise<Outcome> {
    return runBatch(this.#run, (queries, mayWrite) => this.#plan(queries, lines, mayWrite))
  }

  async #plan(queries: Queries, lines: ContactLine[], mayWrite: boolean): Promise<Outcome> {
    const faults: Fault[] = []
    const count: Count = { stored: 0, known: 0, leftOut: 0 }
    const wanted: Wanted[] = []
    for (const line of lines) {
      const read = 'sentence' in line ? line : this.#prepared(line)
      if ('sentence' in read) faults.push(read)
      else wanted.push(read)
    }
    const people = await this.#present(queries, wanted)
    const made: Made[] = []
    const opened: (Door & { person: Person })[] = []
    for (const { line, row, doors } of wanted) {
      const found = keysOf(row, doors).flatMap(([field, key]) => {
        const person = people.get(key)
        return person ? [{ field, person }] : []
      })
      const strangers = found.filter(({ person }) => person !== found[0]!.person)
      if (strangers.length > 0) {
        const { field } = strangers[0]!
        faults.push({ line, sentence: `${field} belongs to another contact than ${found[0]!.field}` })
        continue
      }
      const person = found[0]?.person ?? {}
      if (found.length > 0) count.known += 1
      else {
        count.stored += 1
        made.push({ person, row })
        for (const [, key] of keysOf(row, [])) people.set(key, person)
      }
      for (const door of doors) {
        if (people.has(doorKey(door))) continue
        people.set(doorKey(door), person)
        opened.push({ ...door, person })
      }
    }
    count.leftOut = faults.length
    if (mayWrite) await this.#write(queries, made, opened)
    else for (const [key, person] of people) this.#planned.set(key, person)
    return { faults, counts: { contacts: count } }
  }

  #prepared({ line, contact }: { line: number; contact: ImportedContact }): Wanted | Fault {
    try {
      const row = rowOf(this.#run.accountId, contact)
      const doors = this.#doorsOf(contact)
      if (typeof doors === 'string') return { line, sentence: doors }
      if (keysOf(row, doors).length > 0) return { line, row, doors }
      return {
        line,
        sentence:
          'source_id, email, phone_number or identifier is required: it would be made again each time',
      }
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      return { line, sentence: error.message }
    }
  }

  #doorsOf({ source_id, contact_inboxes = [] }: ImportedContact): Door[] | string {
    const named = [...(source_id ? [{ inbox: undefined, source_id }] : []), ...contact_inboxes]
    const doors: Door[] = []
    for (const { inbox, source_id } of named) {
      const inbox_id = this.#run.inboxes.find(inbox)
      if (typeof inbox_id === 'string') {
        return inbox === undefined
          ? 'source_id needs an --inbox'
          : `contact_inboxes names an inbox that ${inbox_id}`
      }
      doors.push({ inbox_id, ...contactInboxOf(source_id) })
    }
    return doors
  }

  /** Who is there already, by their keys. */
  async #present(queries: Queries, wanted: Wanted[]) {
    const { accountId } = this.#run
    const people = new Map(mayRemember(this.#run, this.#planned))
    const byId = new Map<number, Person>()
    const personOf = (id: number) => byId.get(id) ?? (byId.set(id, { id }).get(id) as Person)
    for (const column of unique) {
      const values = wanted.map(({ row }) => row[column]).filter((value) => value !== null)
      for (const found of await selectContactsBy(queries, accountId, column, values)) {
        people.set(fieldKey(column, found[column]!), personOf(found.id))
      }
    }
    const doors = wanted.flatMap((one) => one.doors)
    for (const [inbox_id, some] of Map.groupBy(doors, (door) => door.inbox_id)) {
      const names = some.map(({ source_id }) => source_id)
      // Somebody whom an export of this very installation had to give a name.
      const native = new Map(names.flatMap((name) => nativeName(name) ?? []).map((one) => [one.id, one]))
      for (const { id, created_at } of await selectContactsBy(queries, accountId, 'id', [...native.keys()])) {
        const { name, time } = native.get(id)!
        if (time === created_at) people.set(doorKey({ inbox_id, source_id: name }), personOf(id))
      }
      for (const { source_id, contact_id } of await selectDoors(queries, accountId, inbox_id, names)) {
        people.set(doorKey({ inbox_id, source_id }), personOf(contact_id))
      }
      const hashes = some.flatMap(({ source_id, has_name }) => (has_name === 0 ? source_id : []))
      for (const { hash, contact_id } of await selectSecrets(queries, accountId, inbox_id, hashes)) {
        people.set(doorKey({ inbox_id, source_id: hash }), personOf(contact_id))
      }
    }
    return people
  }

  async #write(tx: Queries, made: Made[], opened: (Door & { person: Person })[]): Promise<void> {
    const { accountId } = this.#run
    if (made.length > 0) {
      const last = await reserveIds(tx, accountId, 'contacts', made.length)
      for (const [index, { person }] of made.entries()) person.id = last - made.length + 1 + index
    }
    const rows = made.map(({ person, row }) => ({ ...row, id: person.id! }))
    await insertContacts(tx, rows)
    const now = Date.now()
    // The order of a contact's names is that of their times.
    const doors = opened.map(({ person, ...door }, index) => {
      return { ...door, account_id: accountId, contact_id: person.id!, created_at: now + index }
    })
    await insertDoors(tx, doors)
    const secrets = doors.filter(({ has_name }) => has_name === 0)
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

function mayRemember<K, V>({ dryRun }: Run, planned: Map<K, V>): Iterable<[K, V]> {
  return dryRun ? planned : []
}

function rowOf(account_id: number, contact: ImportedContact) {
  const created_at = contact.created_at === undefined ? Date.now() : fromTime(contact.created_at)
  const { last_activity_at } = contact
  return {
    account_id,
    ...contactFields(contact),
    blocked: contact.blocked ? 1 : 0,
    avatar_url: contact.thumbnail ?? null,
    last_activity_at: last_activity_at === undefined ? null : fromTime(last_activity_at),
    created_at,
    updated_at: created_at,
  }
}

function keysOf(row: ReturnType<typeof rowOf>, doors: Door[]): [field: string, key: string][] {
  const fields = unique.flatMap((column) => {
    const value = row[column]
    return value === null ? [] : [[column, fieldKey(column, value)] as [string, string]]
  })
  return [...doors.map((door) => ['source_id', doorKey(door)] as [string, string]), ...fields]
}

function doorKey({ inbox_id, source_id }: Omit<Door, 'has_name'>): string {
  return `${inbox_id} ${source_id}`
}

function fieldKey(column: (typeof unique)[number], value: string): string {
  return `${column} ${value}`
}
