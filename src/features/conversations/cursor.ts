import { Refusal } from '../../lib/errors.ts'
import type { PageStart } from './conversation.store.ts'
import type { ConversationQuery } from './schema.ts'

type Sort = ConversationQuery['sort']

/** Returns the cursor of the page that begins after a conversation. Clients must not rely on its contents. */
export function cursorAt(sort: Sort, { at, id }: PageStart): string {
  return Buffer.from(`${sort} ${at} ${id}`).toString('base64url')
}

/** Reads a cursor. Throws `malformed` if it is not one, or if it is one of a list with another order. */
export function readCursor(cursor: string, sort: Sort): PageStart {
  const text = Buffer.from(cursor, 'base64url').toString()
  const [, sortOfCursor, at, id] =
    /^(last_activity_at|created_at|updated_at) (\d{1,15}) (\d{1,15})$/.exec(text) ?? []
  if (sortOfCursor === undefined) throw new Refusal('malformed', 'cursor must be `meta.next` of a page')
  if (sortOfCursor !== sort) {
    throw new Refusal(
      'malformed',
      `cursor belongs to a list with sort=${sortOfCursor}; leave it out to begin again`,
    )
  }
  return { at: Number(at), id: Number(id) }
}
