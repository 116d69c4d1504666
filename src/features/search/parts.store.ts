import type { Tables } from '../../db/tables.ts'

/** Returns the text by which the search finds a contact. */
export function textOfContact(
  contact: Pick<Tables['contacts'], 'name' | 'email' | 'phone_number' | 'identifier'>,
): string {
  const { name, email, phone_number, identifier } = contact
  const fields = [name, email, phone_number, identifier].filter((field) => field !== null)
  return [...fields, ...fields.flatMap(partsOfNumber)].join(' ')
}

// People type the end of a number, or a part of it. Shorter parts are found in too many numbers.
const shortestPart = 3

/** Returns the digits of a number from each of them on, because the search finds only the beginnings of words. */
function partsOfNumber(field: string): string[] {
  const digits = digitsOfNumber(field)
  if (digits === undefined) return []
  const count = Math.max(0, digits.length - shortestPart + 1)
  return Array.from({ length: count }, (_, start) => digits.slice(start))
}

/** Returns the digits of a text that consists of a number as people write them; undefined if it is something else. */
export function digitsOfNumber(text: string): string | undefined {
  return /^[\d\s+()./-]{3,40}$/.test(text) ? text.replace(/\D/g, '') : undefined
}
