import { listCursors } from '../../lib/list-cursors.ts'
import type { ContactPosition } from './page.store.ts'
import type { SortKey } from './schema.ts'

/** The cursors of the list of contacts. */
export const contactCursors = listCursors<SortKey, ContactPosition>((value, by) => {
  const isTime = by === 'last_activity_at' || by === 'created_at'
  return value === null || (isTime ? Number.isSafeInteger(value) : typeof value === 'string')
})
