import { listCursors } from '../../lib/list-cursors.ts'
import type { CompanyPosition } from './page.store.ts'
import type { SortKey } from './schema.ts'

/** The cursors of the list of companies. */
export const companyCursors = listCursors<SortKey, CompanyPosition>((value, by) =>
  by === 'name' ? typeof value === 'string' : Number.isSafeInteger(value),
)
