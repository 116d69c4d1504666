import type { Queries } from '../../db/database.ts'
import { normalizeEmail } from '../../lib/email.ts'
import { findIdBy } from './store.ts'

/** Whether a contact other than `ownId` has this value. Customers must not learn which one it is. */
export async function isUsedByOther(
  queries: Queries,
  accountId: number,
  column: 'email' | 'phone_number',
  value: string,
  ownId?: number,
): Promise<boolean> {
  const owner = await findIdBy(queries, accountId, column, value)
  return owner !== undefined && owner !== ownId
}

/** The id of the contact with this identifier; undefined if there is none. */
export function findByIdentifier(queries: Queries, accountId: number, identifier: string) {
  return findIdBy(queries, accountId, 'identifier', identifier)
}

/** The id of the contact with one of these values, an e-mail address first; undefined if there is none. */
export async function findContactWith(
  queries: Queries,
  accountId: number,
  { email, phone_number }: { email?: string | undefined; phone_number?: string | undefined },
): Promise<number | undefined> {
  const byEmail = email && (await findIdBy(queries, accountId, 'email', normalizeEmail(email)))
  return byEmail || (phone_number ? findIdBy(queries, accountId, 'phone_number', phone_number) : undefined)
}
