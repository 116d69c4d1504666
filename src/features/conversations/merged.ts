import type { Queries } from '../../db/database.ts'
import type { Actor } from '../../lib/actor.ts'
import { notFound, Replaced } from '../../lib/errors.ts'
import type { ConversationRef } from './parts.store.ts'
import { selectConversationRef } from './store.ts'

/** The refusal for a conversation that was merged into another one. */
export function mergedInto(id: number, target: number): Replaced {
  return new Replaced(
    'conversation_id',
    id,
    target,
    `conversation ${id} was merged into conversation ${target}`,
  )
}

/** Throws `conflict` if a conversation was merged into another one. */
export function assertNotMerged({
  id,
  merged_into_id,
}: Pick<ConversationRef, 'id' | 'merged_into_id'>): void {
  if (merged_into_id !== null) throw mergedInto(id, merged_into_id)
}

/** Returns a conversation, or the one that it was merged into. Throws `not_found`, also if the actor may not see it. */
export async function findCurrentConversationRef(
  queries: Queries,
  actor: Actor,
  id: number,
): Promise<ConversationRef> {
  const conversation = await selectConversationRef(queries, actor, id)
  if (!conversation) throw notFound('conversation')
  if (conversation.merged_into_id === null) return conversation
  return findCurrentConversationRef(queries, actor, conversation.merged_into_id)
}
