import type { Conversation } from './api-types.ts'

/** Sorts conversations by their latest activity, latest first. */
export function newestFirst(conversations: ReadonlyMap<number, Conversation>): Conversation[] {
  return [...conversations.values()].sort(
    (one, other) => other.last_activity_at - one.last_activity_at || other.id - one.id,
  )
}
