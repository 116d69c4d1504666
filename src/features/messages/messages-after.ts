import type { Queries } from '../../db/database.ts'
import type { Actor } from '../../lib/actor.ts'
import { scopeOf } from '../conversations/parts.store.ts'
import { selectPiece } from './page.store.ts'
import type { Message } from './schema.ts'

const lastId = Number.MAX_SAFE_INTEGER

/** Returns the next messages of a conversation after the id `afterId`, oldest first; none at the end. */
export async function messagesAfter(
  queries: Queries,
  actor: Actor,
  conversationId: number,
  afterId: number,
): Promise<Message[]> {
  const first = afterId + 1
  const range = { first, last: lastId, deleted: 0, window_first: first, window_last: lastId }
  const rest = { gap: first, before_gap: afterId, limit: 200, known_version: 0 }
  const piece = await selectPiece(queries, 'asc', { ...scopeOf(actor, conversationId), ...range, ...rest })
  return piece ? JSON.parse(`[${piece.elements}]`) : []
}
