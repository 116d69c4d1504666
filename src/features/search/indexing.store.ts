import { type ExpressionBuilder, sql } from 'kysely'
import type { Queries } from '../../db/database.ts'
import { prepare } from '../../db/prepare.ts'
import { inserter } from '../../db/rows.ts'
import type { Tables } from '../../db/tables.ts'
import { textOfContact } from './parts.store.ts'

/** The events of an account at positions from `first` to `last`. */
export interface EventRange {
  account_id: number
  first: number
  last: number
}

/** A text that is not indexed yet, and the message or contact that it belongs to. */
export interface UnindexedText {
  subject: 'message' | 'contact'
  subject_id: number
  conversation_id: number | null
  text: string
}

const messagesOfEvents = prepare<EventRange>()((builder, p) =>
  builder
    .selectFrom(subjectsOf(p, ['conversation_id', 'message_id']))
    .select((e) => [
      'e.message_id',
      'e.conversation_id',
      e
        .selectFrom('messages as m')
        .select('m.content')
        .where('m.account_id', '=', p.account_id)
        .whereRef('m.conversation_id', '=', 'e.conversation_id')
        .whereRef('m.id', '=', 'e.message_id')
        .where('m.message_type', '!=', sql.lit('activity'))
        .limit(sql.lit(1))
        .as('content'),
    ])
    .where('e.message_id', 'is not', null)
    .where(hasNoDocument(p, 'message', 'e.message_id')),
)

/** Returns the texts of the messages of these events that have no document yet. Activity lines are not searched. */
export async function selectUnindexedMessages(tx: Queries, range: EventRange): Promise<UnindexedText[]> {
  const rows = await messagesOfEvents(tx, range)
  return rows.flatMap(({ message_id, conversation_id, content }) =>
    content === null ? [] : { subject: 'message', subject_id: message_id!, conversation_id, text: content },
  )
}

const contactsOfEvents = prepare<EventRange>()((builder, p) =>
  builder
    .selectFrom(subjectsOf(p, ['contact_id']))
    .innerJoin('contacts as p', (join) =>
      join.onRef('p.id', '=', 'e.contact_id').on('p.account_id', '=', p.account_id),
    )
    .select(['p.id', 'p.name', 'p.email', 'p.phone_number', 'p.identifier'])
    .where(hasNoDocument(p, 'contact', 'e.contact_id')),
)

/** Returns the texts of the contacts of these events that have no document yet. */
export async function selectUnindexedContacts(tx: Queries, range: EventRange): Promise<UnindexedText[]> {
  const rows = await contactsOfEvents(tx, range)
  return rows.map(({ id, name, email, phone_number, identifier }) => ({
    subject: 'contact',
    subject_id: id,
    conversation_id: null,
    text: textOfContact({ name, email, phone_number, identifier }),
  }))
}

/** The subjects of a range of events, each once, as a table `e`. */
function subjectsOf<C extends 'conversation_id' | 'message_id' | 'contact_id'>(p: EventRange, columns: C[]) {
  return (builder: ExpressionBuilder<Tables, never>) =>
    builder
      .selectFrom('events')
      .select(columns)
      .distinct()
      .where('account_id', '=', p.account_id)
      .where('position', '>=', p.first)
      .where('position', '<=', p.last)
      .as('e')
}

// With `not exists`, PostgreSQL would plan a join that reads all documents for each event, until it has statistics of
// the table.
function hasNoDocument(p: EventRange, subject: UnindexedText['subject'], id: string) {
  return sql<boolean>`(select d.subject_id from search_documents d where d.account_id = ${p.account_id}
    and d.subject = ${sql.lit(subject)} and d.subject_id = ${sql.ref(id)} limit 1) is null`
}

/** Stores search documents, in the order of their ids: SQLite's index writes itself to the disk before a smaller one. */
export async function insertDocuments(tx: Queries, rows: Tables['search_documents'][]): Promise<void> {
  await insertRows(
    tx,
    rows.toSorted((one, other) => compare(one.subject, other.subject) || one.subject_id - other.subject_id),
  )
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}

const insertRows = inserter('search_documents', {
  account_id: 'bigint',
  subject: 'text',
  subject_id: 'bigint',
  conversation_id: 'bigint',
  words: 'text',
})
