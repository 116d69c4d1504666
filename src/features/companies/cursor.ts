import { Refusal } from '../../lib/errors.ts'
import type { CompanyPosition } from './page.store.ts'
import type { SortKey } from './schema.ts'

/** The cursor of the page after a company. Clients must not rely on its contents. */
export function cursorAfter(by: SortKey, { value, id }: CompanyPosition): string {
  return Buffer.from(JSON.stringify([by, value, id])).toString('base64url')
}

/** Reads a cursor. Throws `malformed` if it is not one, or if it is one of a list with another order. */
export function readCursor(cursor: string, by: SortKey): CompanyPosition {
  const [column, value, id] = partsOf(cursor)
  const isValue = by === 'name' ? typeof value === 'string' : Number.isSafeInteger(value)
  if (column !== by || !isValue || !Number.isSafeInteger(id))
    throw new Refusal('malformed', 'cursor must be `meta.next` of a page with the same `sort`')
  return { value: value as CompanyPosition['value'], id: id as number }
}

function partsOf(cursor: string): unknown[] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    return Array.isArray(parts) ? parts : []
  } catch {
    return []
  }
}
