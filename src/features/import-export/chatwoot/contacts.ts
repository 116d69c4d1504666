import type { Queries } from '../../../db/database.ts'
import { Refusal } from '../../../lib/errors.ts'
import { textOfContact } from '../../search/parts.store.ts'
import { addDocuments } from '../../search/service.ts'
import { insertContactLabels, insertContacts, selectContactsBy } from '../store.ts'
import { companiesOf } from './companies.ts'
import { type ContactColumns, contactRow, type UniqueField, uniqueValues } from './contact-rows.ts'
import { selectContacts, unlabelContacts, updateContactRow } from './content.store.ts'
import type { Labels } from './labels.ts'
import type { Move } from './move.ts'
import { contactPages, type SourceContact, sizeOf } from './source-content.store.ts'

/** A contact to store: a new one, or one that has changed. */
interface Planned {
  chatwootId: number
  id: number
  isNew: boolean
  row: ContactColumns
  labelIds: number[]
}

/** Imports the contacts, and changes those that have changed since the last run, unless they were changed here later. */
export async function importContacts(move: Move, labels: Labels): Promise<void> {
  const { source, database, accountId, isDryRun, report, ids } = move
  const { rows, last } = await sizeOf(source, accountId, 'contacts')
  report.table('contacts', rows)
  await ids.contacts.begin(database, source, last)
  for await (const page of contactPages(source, accountId, ids.contacts.range)) {
    const labelIds = await labels.idsOf(page.flatMap((one) => one.labels))
    const contacts = await Promise.all(page.map((one) => rowOf(move, one)))
    const work = async (queries: Queries) => {
      const plan = await planPage(move, queries, page, contacts, labelIds)
      if (!isDryRun) await write(move, queries, plan, page.at(-1)!.id)
      return plan
    }
    const plan = isDryRun ? await work(database.read) : await database.transaction(accountId, work)
    for (const { sentence, example } of plan.remarks) report.remark(sentence, example)
    report.count('contacts', 'stored', plan.contacts.filter(({ isNew }) => isNew).length)
    report.count('contacts', 'changed', plan.contacts.filter(({ isNew }) => !isNew).length)
    report.count('contacts', 'known', plan.known)
    move.progress(page.length)
    await move.rest()
  }
  await ids.contacts.finish(database, source)
}

async function rowOf({ accountId, report, leftOver }: Move, contact: SourceContact): Promise<ContactColumns> {
  let result: ReturnType<typeof contactRow>
  try {
    result = contactRow(accountId, contact)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    report.remark('contact without its attributes, which are larger than 64 KiB', contact.id)
    await leftOver.add('contacts', contact)
    result = contactRow(accountId, { ...contact, custom_attributes: {}, additional_attributes: {} })
  }
  for (const field of result.refused)
    report.remark(`contact whose ${field} is not a valid one, now an additional attribute`, contact.id)
  return result.row
}

interface Plan {
  contacts: Planned[]
  /** Other names of contacts that are here already. */
  same: [chatwootId: number, id: number][]
  known: number
  remarks: { sentence: string; example: string | number }[]
}

async function planPage(
  move: Move,
  queries: Queries,
  page: SourceContact[],
  rows: ContactColumns[],
  labelIds: Map<string, number>,
): Promise<Plan> {
  const { accountId, ids } = move
  const plan: Plan = { contacts: [], same: [], known: 0, remarks: [] }
  const idOf = await ids.contacts.load(
    queries,
    page.map(({ id }) => id),
  )
  const old = page.filter(({ id }) => ids.contacts.isOld(id)).map(({ id }) => idOf(id))
  const stored = new Map((await selectContacts(queries, accountId, old)).map((one) => [one.id, one]))
  const owners = await ownersOf(queries, accountId, rows)
  const beforeOf = ({ id }: SourceContact) => (ids.contacts.isOld(id) ? stored.get(idOf(id)) : undefined)
  const isKnown = (contact: SourceContact, index: number) =>
    (beforeOf(contact)?.updated_at ?? Number.NEGATIVE_INFINITY) >= rows[index]!.updated_at
  const news = page.filter((contact, index) => !isKnown(contact, index))
  const companies = await companiesOf(move, queries, news)
  for (const [index, contact] of page.entries()) {
    const before = beforeOf(contact)
    const company_id = companies.get(contact.id)
    // A company that was set here stays if Chatwoot has none.
    const isWithout = before !== undefined && company_id === undefined
    const row = { ...rows[index]!, ...(isWithout ? {} : { company_id: company_id ?? null }) }
    if (isKnown(contact, index)) {
      plan.known += 1
      continue
    }
    const owner = uniqueValues(row)
      .map(([field, value]) => owners.get(`${field} ${value}`))
      .find(Boolean)
    if (!before && owner !== undefined) {
      plan.known += 1
      plan.same.push([contact.id, owner])
      plan.remarks.push({
        sentence: 'contact that is the same as another one',
        example: `${contact.id} is ${owner}`,
      })
      continue
    }
    const id = before?.id ?? contact.id
    for (const [field, value] of uniqueValues(row)) {
      const key = `${field} ${value}`
      const other = owners.get(key)
      if (other === undefined || other === id) owners.set(key, id)
      else {
        row[field] = null
        const sentence = `contact without its ${field}, which another one has`
        plan.remarks.push({ sentence, example: contact.id })
      }
    }
    const own = contact.labels.map((title) => labelIds.get(title)!)
    plan.contacts.push({ chatwootId: contact.id, id, isNew: !before, row, labelIds: [...new Set(own)] })
  }
  return plan
}

/** The ids of the contacts that have one of the unique values of these rows. */
async function ownersOf(
  queries: Queries,
  accountId: number,
  rows: ContactColumns[],
): Promise<Map<string, number>> {
  const owners = new Map<string, number>()
  const values = rows.flatMap(uniqueValues)
  for (const field of ['email', 'phone_number', 'identifier'] as const satisfies UniqueField[]) {
    const some = values.flatMap(([one, value]) => (one === field ? value : []))
    for (const row of await selectContactsBy(queries, accountId, field, some)) {
      owners.set(`${field} ${row[field]}`, row.id)
    }
  }
  return owners
}

async function write(move: Move, tx: Queries, plan: Plan, lastId: number): Promise<void> {
  const { accountId: account_id, ids } = move
  const fresh = plan.contacts.filter(({ isNew }) => isNew)
  const moved = fresh.filter(({ chatwootId }) => !ids.contacts.keeps(chatwootId))
  const others = await ids.contacts.replace(
    tx,
    moved.map(({ chatwootId }) => chatwootId),
  )
  const given = new Map(moved.map((one, index) => [one.id, others[index]!]))
  for (const one of moved) {
    one.id = given.get(one.id)!
    plan.remarks.push({
      sentence: 'contact with another id, because its own is taken',
      example: `${one.chatwootId} is ${one.id}`,
    })
  }
  await insertContacts(
    tx,
    fresh.map(({ id, row }) => ({ ...row, id })),
  )
  const changed = plan.contacts.filter(({ isNew }) => !isNew)
  for (const { id, row } of changed) await updateContactRow(tx, id, row)
  await unlabelContacts(
    tx,
    account_id,
    changed.map(({ id }) => id),
  )
  const labels = plan.contacts.flatMap(({ id, labelIds }) =>
    labelIds.map((label_id) => ({ account_id, contact_id: id, label_id })),
  )
  await insertContactLabels(tx, labels)
  await ids.contacts.equate(
    tx,
    plan.same.map(([chatwootId, id]) => [chatwootId, given.get(id) ?? id]),
  )
  const texts = plan.contacts.map(({ id, row }) => {
    return { subject: 'contact' as const, subject_id: id, conversation_id: null, text: textOfContact(row) }
  })
  await addDocuments(tx, account_id, texts)
  await ids.contacts.advance(tx, lastId)
}
