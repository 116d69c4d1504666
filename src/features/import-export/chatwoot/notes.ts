import type { Queries } from '../../../db/database.ts'
import type { Tables } from '../../../db/tables.ts'
import { longestNote } from '../../contact-notes/schema.ts'
import { selectContacts } from './content.store.ts'
import type { Move } from './move.ts'
import { insertNotes, selectNotes, updateNote } from './notes.store.ts'
import { sizeOf } from './source-content.store.ts'
import { notePages, type SourceNote } from './source-people.store.ts'
import { storable } from './storable.ts'

const table = 'notes'

/** A note to store: a new one, or one that has changed. */
interface Planned {
  chatwootId: number
  isNew: boolean
  row: Tables['contact_notes']
}

/** Imports the notes about contacts, and changes those that have changed since the last run, unless they were changed here later. */
export async function importNotes(move: Move): Promise<void> {
  const { source, database, accountId, isDryRun, report, ids, people } = move
  const { rows, last } = await sizeOf(source, accountId, table)
  report.table(table, rows)
  if (rows === 0) return
  await ids.contact_notes.begin(database, source, last)
  for await (const page of notePages(source, accountId, ids.contact_notes.range)) {
    await people.resolve(
      move,
      page.flatMap(({ user_id }) => user_id ?? []),
    )
    for (const note of page) await reportLosses(move, note)
    const work = async (queries: Queries) => {
      const plan = await planPage(move, queries, page)
      if (!isDryRun) await write(move, queries, plan.notes, page.at(-1)!.id)
      return plan
    }
    const plan = isDryRun ? await work(database.read) : await database.transaction(accountId, work)
    for (const id of plan.homeless) report.remark('note of a contact that is not here, left out', id)
    report.count(table, 'stored', plan.notes.filter(({ isNew }) => isNew).length)
    report.count(table, 'changed', plan.notes.filter(({ isNew }) => !isNew).length)
    report.count(table, 'known', plan.known)
    await move.rest()
  }
  await ids.contact_notes.finish(database, source)
}

/** Reports what a note loses. */
async function reportLosses({ report, leftOver, people }: Move, note: SourceNote): Promise<void> {
  if (people.idOf(note.user_id) === null)
    report.remark('note whose author no longer exists, now by the first administrator', note.id)
  if (note.content.length <= longestNote) return
  report.remark(`note without what follows its first ${longestNote.toLocaleString('en')} characters`, note.id)
  await leftOver.add(table, note)
}

async function planPage(move: Move, queries: Queries, page: SourceNote[]) {
  const { accountId: account_id, ids, people, isDryRun } = move
  const contactOf = await ids.contacts.load(
    queries,
    page.map(({ contact_id }) => contact_id),
  )
  const contactIds = page.map(({ contact_id }) => contactOf(contact_id))
  const contacts = await selectContacts(queries, account_id, [...new Set(contactIds)])
  const existing = new Set(contacts.map(({ id }) => id))
  const old = page.filter(({ id }) => ids.contact_notes.isOld(id)).map(({ id }) => id)
  const idOf = await ids.contact_notes.load(queries, old)
  const rows = await selectNotes(queries, account_id, old.map(idOf))
  const stored = new Map(rows.map((one) => [one.id, one]))
  const notes: Planned[] = []
  const homeless: number[] = []
  let known = 0
  for (const { id, user_id, content, created_at, updated_at, ...note } of page) {
    const isOld = ids.contact_notes.isOld(id)
    const before = isOld ? stored.get(idOf(id)) : undefined
    const contact_id = contactOf(note.contact_id)
    // An old one that is not stored was deleted here.
    if (isOld && (before?.updated_at ?? Number.POSITIVE_INFINITY) >= updated_at) known += 1
    else if (!isDryRun && !existing.has(contact_id)) homeless.push(id)
    else {
      const author_id = people.idOf(user_id) ?? people.firstAdministrator
      const row = { account_id, id: before?.id ?? id, contact_id, author_id, created_at, updated_at }
      const text = storable(content).slice(0, longestNote).toWellFormed()
      notes.push({ chatwootId: id, isNew: !before, row: { ...row, content: text } })
    }
  }
  return { notes, homeless, known }
}

async function write({ accountId, ids }: Move, tx: Queries, notes: Planned[], lastId: number): Promise<void> {
  const fresh = notes.filter(({ isNew }) => isNew)
  const moved = fresh.filter(({ chatwootId }) => !ids.contact_notes.keeps(chatwootId))
  const others = await ids.contact_notes.replace(
    tx,
    moved.map(({ chatwootId }) => chatwootId),
  )
  for (const [index, { row }] of moved.entries()) row.id = others[index]!
  await insertNotes(
    tx,
    fresh.map(({ row }) => row),
  )
  for (const { row, isNew } of notes) {
    if (isNew) continue
    const { content, updated_at } = row
    await updateNote(tx, row.id, { account_id: accountId, content, updated_at })
  }
  await ids.contact_notes.advance(tx, lastId)
}
