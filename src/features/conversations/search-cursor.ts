import { Refusal } from '../../lib/errors.ts'
import type { PageStart } from './conversation.store.ts'
import type { ConversationQuery } from './schema.ts'

/** The part of the messages that a page of a search is taken from, and where the page begins. */
export interface SearchPosition {
  /** Whether contacts are searched, too. */
  isFirst: boolean
  /** Messages with ids below are searched. */
  before: number
  /** Down to this id; undefined if it is not known yet. */
  from: number | undefined
  /** The conversation before the page; undefined for the first page of the part. */
  after: PageStart | undefined
}

/** Returns the cursor of a page of a search. Clients must not rely on its contents. */
export function searchCursor(sort: ConversationQuery['sort'], position: SearchPosition): string {
  const { isFirst, before, from = '-', after } = position
  const place = after ? [after.at, after.id] : ['-', '-']
  return Buffer.from(['search', sort, isFirst ? 1 : 0, before, from, ...place].join(' ')).toString(
    'base64url',
  )
}

/** Reads a cursor of a search. Throws `malformed` if it is not one, or if it is one of another order. */
export function readSearchCursor(cursor: string, sort: ConversationQuery['sort']): SearchPosition {
  const text = Buffer.from(cursor, 'base64url').toString()
  const parts = /^search ([a-z_]{1,20}) ([01]) (\d{1,15}) (\d{1,15}|-) (\d{1,15}|-) (\d{1,15}|-)$/.exec(text)
  if (!parts) throw new Refusal('malformed', 'cursor must be `meta.next` of a page of this search')
  const [, sortOfCursor, isFirst, before, from, at, id] = parts
  if (sortOfCursor !== sort)
    throw new Refusal(
      'malformed',
      `cursor belongs to another order than sort=${sort}; leave it out to begin again`,
    )
  return {
    isFirst: isFirst === '1',
    before: Number(before),
    from: from === '-' ? undefined : Number(from),
    after: at === '-' || id === '-' ? undefined : { at: Number(at), id: Number(id) },
  }
}
