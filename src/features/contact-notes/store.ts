import type { Queries } from '../../db/database.ts'
import type { Tables } from '../../db/tables.ts'
import { toSeconds } from '../../lib/time.ts'
import type { ContactNote } from './schema.ts'

type Row = Tables['contact_notes']
export type NoteKey = Pick<Row, 'account_id' | 'contact_id' | 'id'>

function notesOf(queries: Queries, { account_id, contact_id }: Omit<NoteKey, 'id'>) {
  return queries.sql
    .selectFrom('contact_notes as n')
    .innerJoin('users as u', 'u.id', 'n.author_id')
    .select(['n.id', 'n.contact_id', 'n.content', 'n.author_id', 'u.name', 'n.created_at', 'n.updated_at'])
    .where('n.account_id', '=', account_id)
    .where('n.contact_id', '=', contact_id)
}

/** Notes about a contact, newest first, with ids below `before`. */
export async function selectNotes(
  queries: Queries,
  contact: Omit<NoteKey, 'id'>,
  before: number,
  limit: number,
): Promise<ContactNote[]> {
  const notes = notesOf(queries, contact).where('n.id', '<', before).orderBy('n.id', 'desc')
  return (await notes.limit(limit).execute()).map(toNote)
}

export async function findNote(queries: Queries, key: NoteKey): Promise<ContactNote | undefined> {
  const row = await notesOf(queries, key).where('n.id', '=', key.id).executeTakeFirst()
  return row && toNote(row)
}

export async function countNotes(tx: Queries, contact: Omit<NoteKey, 'id'>): Promise<number> {
  const row = await tx.sql
    .selectFrom('contact_notes')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('account_id', '=', contact.account_id)
    .where('contact_id', '=', contact.contact_id)
    .executeTakeFirstOrThrow()
  return row.count
}

export async function insertNote(tx: Queries, row: Row): Promise<void> {
  await tx.sql.insertInto('contact_notes').values(row).execute()
}

export async function updateNote(tx: Queries, key: NoteKey, content: string): Promise<void> {
  const update = tx.sql.updateTable('contact_notes').set({ content, updated_at: Date.now() })
  await update.where('account_id', '=', key.account_id).where('id', '=', key.id).execute()
}

export async function deleteNote(tx: Queries, key: NoteKey): Promise<void> {
  const notes = tx.sql.deleteFrom('contact_notes').where('account_id', '=', key.account_id)
  await notes.where('id', '=', key.id).execute()
}

/** Makes the notes about one contact those about another. */
export async function updateContactOfNotes(
  tx: Queries,
  accountId: number,
  fromId: number,
  toId: number,
): Promise<void> {
  const update = tx.sql.updateTable('contact_notes').set({ contact_id: toId })
  await update.where('account_id', '=', accountId).where('contact_id', '=', fromId).execute()
}

interface SelectedNote extends Pick<Row, 'id' | 'contact_id' | 'content' | 'author_id'> {
  name: string
  created_at: number
  updated_at: number
}

function toNote({ id, contact_id, content, author_id, name, ...times }: SelectedNote): ContactNote {
  return {
    ...{ id, contact_id, content, user: { id: author_id, name } },
    created_at: toSeconds(times.created_at),
    updated_at: toSeconds(times.updated_at),
  }
}
