import { Refusal } from './errors.ts'

/** The position of a row in a list: the value that the list is sorted by, and its id. */
interface Position {
  value: unknown
  id: number
}

/** Returns what writes and reads the cursors of a list. `isValue` tells whether a column that sorts it can have a value. */
export function listCursors<By extends string, Of extends Position>(
  isValue: (value: unknown, by: By) => boolean,
) {
  return {
    /** The cursor of the page after a row. Clients must not rely on its contents. */
    after: (by: By, { value, id }: Of): string =>
      Buffer.from(JSON.stringify([by, value, id])).toString('base64url'),

    /** Reads a cursor. Throws `malformed` if it is not one, or if it is one of a list with another order. */
    read(cursor: string, by: By): Of {
      const [column, value, id] = partsOf(cursor)
      if (column !== by || !isValue(value, by) || !Number.isSafeInteger(id))
        throw new Refusal('malformed', 'cursor must be `meta.next` of a page with the same `sort`')
      return { value, id } as Of
    },
  }
}

function partsOf(cursor: string): unknown[] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    return Array.isArray(parts) ? parts : []
  } catch {
    return []
  }
}
