import type { Agent } from '../../../users/schema.ts'
import type { RelatedRow } from '../related.store.ts'

/** A user as messages and events show them: Chatwoot's `User#push_event_data`. */
export function userPush({
  id,
  name,
  avatar_url,
  availability,
}: Pick<RelatedRow<'users'>, 'id' | 'name' | 'avatar_url' | 'availability'>) {
  const picture = avatar_url ?? ''
  return {
    id,
    name,
    available_name: name,
    avatar_url: picture,
    thumbnail: picture,
    type: 'user' as const,
    // Somebody who has left the account has none.
    availability_status: availability ?? 'offline',
  }
}
export type UserPush = ReturnType<typeof userPush>

/** A member of an account. */
export function toAgent(
  agent: Omit<Agent, 'role' | 'availability' | 'confirmed'> & {
    role: Agent['role'] | null
    availability: Agent['availability'] | null
    confirmed: boolean | number
  },
  accountId: number,
) {
  return {
    id: agent.id,
    account_id: accountId,
    availability_status: agent.availability ?? 'offline',
    // So `availability_status` is what the user has chosen, whether or not they are connected.
    auto_offline: false,
    confirmed: Boolean(agent.confirmed),
    email: agent.email,
    provider: 'email',
    available_name: agent.name,
    name: agent.name,
    role: agent.role ?? 'agent',
    thumbnail: agent.avatar_url ?? '',
  }
}
