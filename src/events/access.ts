import type { Queries } from '../db/database.ts'
import { appendEvent } from './append.ts'

/** The name of the event that tells open streams to look again who their reader is and what they may hear. */
export const accessChanged = 'access_changed'

/**
 * Says that a user may hear more or less of an account than before: their role, an inbox of theirs or one of their
 * tokens has changed. In the transaction of that change, after its rows were written: no stream of theirs, on any node,
 * is given what comes later in the log before it has looked again.
 */
export async function logAccessChange(tx: Queries, accountId: number, userId: number): Promise<void> {
  const data = JSON.stringify({ user_id: userId })
  await appendEvent(tx, { account_id: accountId, name: accessChanged, audience: 'server', data })
}

/** Says that a secret which opened a contact has ended: the contact's streams look again, as those of a user do. */
export async function logContactAccessChange(
  tx: Queries,
  accountId: number,
  contactId: number,
): Promise<void> {
  const event = { name: accessChanged, audience: 'server', data: '{}' } as const
  await appendEvent(tx, { ...event, account_id: accountId, contact_id: contactId })
}

/** Which user's access an event says has changed; undefined where it is another kind of event. */
export function whoseAccessChanged(event: { name: string; data: string }): number | undefined {
  if (event.name !== accessChanged) return undefined
  return (JSON.parse(event.data) as { user_id?: number }).user_id
}
