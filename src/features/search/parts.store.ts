import { type RawBuilder, sql } from 'kysely'
import type { Engine, Queries } from '../../db/database.ts'
import type { Tables } from '../../db/tables.ts'

// A search considers only the newest matching messages and contacts, so that a common word stays fast.
const maxMatches = 10_000

/**
 * A condition: a message of the conversation `c`, or its contact, contains all of these words. Words of two letters or
 * more also match the beginning of a word.
 */
export function hasWords(engine: Engine, accountId: number, words: string[]): RawBuilder<boolean> {
  const ofMessages = sql`(select d.conversation_id from ${documents(engine, accountId, words, 'message')})`
  return sql<boolean>`(c.id in ${ofMessages} or c.contact_id in ${contactsWithWords(engine, accountId, words)})`
}

/** A subquery: the ids of the contacts that contain all of these words, matched as in `hasWords`. */
export function contactsWithWords(engine: Engine, accountId: number, words: string[]): RawBuilder<number> {
  return sql`(select d.subject_id from ${documents(engine, accountId, words, 'contact')})`
}

/** The documents that contain the words, as a table `d`. */
function documents(engine: Engine, accountId: number, words: string[], subject: 'message' | 'contact') {
  return sql<{ conversation_id: number; subject_id: number }>`(select d.conversation_id, d.subject_id
    from ${matching[engine](words)} and d.account_id = ${accountId} and d.subject = ${sql.lit(subject)}
    order by ${sql.ref(newestLast[engine])} desc limit ${sql.lit(maxMatches)})`.as('d')
}

/** A message that contains the words of a query. */
export interface MatchingMessage {
  id: number
  conversation_id: number
  content: string
}

/** Returns the newest message with all of these words of each conversation that has such a message. */
export async function newestWithWords(
  queries: Queries,
  accountId: number,
  words: string[],
  conversationIds: number[],
): Promise<MatchingMessage[]> {
  if (words.length === 0 || conversationIds.length === 0) return []
  const rows = await queries.sql
    .selectFrom((eb) =>
      eb
        .selectFrom(documents(queries.engine, accountId, words, 'message'))
        .select((of) => ['d.conversation_id', of.fn.max('d.subject_id').as('id')])
        .where('d.conversation_id', 'in', conversationIds)
        .groupBy('d.conversation_id')
        .as('f'),
    )
    .innerJoin('messages as m', (join) =>
      join
        .onRef('m.conversation_id', '=', 'f.conversation_id')
        .onRef('m.id', '=', 'f.id')
        .on('m.account_id', '=', accountId),
    )
    .select(['m.id', 'm.conversation_id', 'm.content'])
    .execute()
  return rows.map((row) => ({ ...row, content: row.content ?? '' }))
}

const newestLast = { sqlite: 'search_index.rowid', postgres: 'd.subject_id' }

const matching: Record<Engine, (words: string[]) => RawBuilder<unknown>> = {
  sqlite(words) {
    const query = words.map((word) => `"${word}"${isPrefix(word) ? '*' : ''}`).join(' AND ')
    return sql`search_index join search_documents d on d.id = search_index.rowid
      where search_index match ${query}`
  },
  postgres(words) {
    const query = words.map((word) => `'${word}'${isPrefix(word) ? ':*' : ''}`).join(' & ')
    return sql`search_documents d where d.lexemes @@ cast(${query} as tsquery)`
  },
}

// So many words begin with a given letter that reading all of them would block other requests.
function isPrefix(word: string): boolean {
  return word.length > 1
}

/** Returns the text by which the search finds a contact. */
export function textOfContact(
  contact: Pick<Tables['contacts'], 'name' | 'email' | 'phone_number' | 'identifier'>,
): string {
  const { name, email, phone_number, identifier } = contact
  return [name, email, phone_number, identifier].filter(Boolean).join(' ')
}
