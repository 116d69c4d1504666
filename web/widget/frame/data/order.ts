import type { Conversation } from './shapes.ts'

/** Conversations by when something happened in them last, the latest first. */
export function newestFirst(conversations: ReadonlyMap<number, Conversation>): Conversation[] {
  return [...conversations.values()].sort(
    (one, other) => other.last_activity_at - one.last_activity_at || other.id - one.id,
  )
}
