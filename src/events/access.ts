import type { Queries } from '../db/database.ts'
import { systemOf } from '../lib/actor.ts'
import { appendEvent } from './append.ts'

/** The name of the event at which open streams check their user's access again. */
export const accessChanged = 'access_changed'

/**
 * Logs that a user's access to an account has changed: their role, an inbox or a token. Call it in the transaction of
 * the change, after writing its rows. Then no stream of the user, on any node, gets a later event before it has checked
 * the access again.
 */
export async function logAccessChange(tx: Queries, accountId: number, userId: number): Promise<void> {
  const data = JSON.stringify({ user_id: userId })
  await appendEvent(tx, systemOf(accountId), { name: accessChanged, audience: 'server', data })
}

/** Logs that a secret of a contact has ended, so that the contact's streams check their access again. */
export async function logContactAccessChange(
  tx: Queries,
  accountId: number,
  contactId: number,
): Promise<void> {
  const event = { name: accessChanged, audience: 'server', data: '{}', contact_id: contactId } as const
  await appendEvent(tx, systemOf(accountId), event)
}

/** Returns the id of the user whose access has changed; undefined for other kinds of events. */
export function userOfAccessChange(event: { name: string; data: string }): number | undefined {
  if (event.name !== accessChanged) return undefined
  return (JSON.parse(event.data) as { user_id?: number }).user_id
}
