import type { Queries } from '../../../db/database.ts'
import type { Actor } from '../../../lib/actor.ts'
import type { Member } from '../../inboxes/schema.ts'
import { toAgent } from './objects/user.ts'
import { selectByIds } from './related.store.ts'

/** Returns members of an inbox or a team as Chatwoot shows agents. */
export async function showMembers(queries: Queries, { accountId }: Actor, members: Member[]) {
  const ids = members.map(({ id }) => id)
  const users = await selectByIds(queries, 'users', accountId, ids)
  return ids.flatMap((id) => {
    const user = users.get(id)
    return user ? [toAgent(user, accountId)] : []
  })
}
