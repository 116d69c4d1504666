import type { Queries } from '../../db/database.ts'
import type { Actor } from '../../lib/actor.ts'
import { invalidFields } from '../../lib/errors.ts'
import { findConversationRef } from '../conversations/service.ts'
import { channels } from '../inboxes/channels.ts'
import type { NewMessage } from './schema.ts'

/** Throws `invalid` if `content_attributes` has fields that the channel understands, and they are not as it needs them. */
export async function assertChannelFields(
  queries: Queries,
  actor: Actor,
  conversationId: number,
  { content_attributes }: NewMessage,
): Promise<void> {
  const { all, of } = channels.of(queries)
  const names = all.flatMap(({ messageFields = [] }) => messageFields)
  // Nearly all messages have none, and are posted without another query.
  if (!names.some((name) => Object.hasOwn(content_attributes, name))) return
  const { channel_type } = await findConversationRef(queries, actor, conversationId)
  const problems = of(channel_type).verifyMessage?.(content_attributes) ?? []
  if (problems.length === 0) return
  throw invalidFields(
    problems.map(({ field, message, code = 'not_allowed' }) => {
      return { field: `content_attributes.${field}`, message, code }
    }),
  )
}
