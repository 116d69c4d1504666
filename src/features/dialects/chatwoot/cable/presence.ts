import type { Database } from '../../../../db/database.ts'
import { answeringUsers } from '../../../inboxes/service.ts'
import { listPresence } from '../../../realtime/service.ts'
import type { Subscriber } from '../../../realtime/subscriber.ts'

/** Returns who is online, as far as a subscriber may know: contacts know of those who answer in their inbox. */
export async function presenceUpdate(
  database: Database,
  { accountId: account_id, access }: Subscriber,
): Promise<object> {
  const present = await listPresence(database, account_id)
  if ('userId' in access) {
    const users = statusesOf(present)
    return { event: 'presence.update', data: { account_id, users, contacts: {} } }
  }
  const answering = await answeringUsers(database.read, { account_id, id: access.inboxId })
  const users = statusesOf(present.filter(({ user_id }) => answering.includes(user_id)))
  return { event: 'presence.update', data: { account_id, users } }
}

function statusesOf(present: { user_id: number; status: string }[]): Record<string, string> {
  return Object.fromEntries(present.map(({ user_id, status }) => [String(user_id), status]))
}
