import type { Queries } from '../../../db/database.ts'
import { prepare } from '../../../db/prepare.ts'
import type { StoredAttachment } from '../../attachments/parts.store.ts'

interface MessageKey {
  account_id: number
  conversation_id: number
  id: number
}

/** A message of an agent that its contact has not seen. */
export interface UnseenMessage {
  id: number
  content: string
  attachments: StoredAttachment[]
  /** Milliseconds. */
  created_at: number
}

// One mail has no more messages than this; the others get the next one.
const mostMessages = 50

const messagesFrom = prepare<MessageKey & { limit: number }>()((builder, p) =>
  builder
    .selectFrom('messages as m')
    .innerJoin('conversations as c', (join) =>
      join.onRef('c.account_id', '=', 'm.account_id').onRef('c.id', '=', 'm.conversation_id'),
    )
    .select(['m.id', 'm.message_type', 'm.content', 'm.attachments', 'm.created_at', 'm.source_id'])
    .select(['m.sender_type', 'm.private', 'm.status', 'm.deleted_at', 'c.contact_last_seen_at'])
    .where('m.account_id', '=', p.account_id)
    .where('m.conversation_id', '=', p.conversation_id)
    .where('m.id', '>=', p.id)
    .orderBy('m.id')
    .limit(p.limit),
)

/**
 * The messages of agents from this one on that the contact has not seen. None if this one was seen, answered, deleted or
 * sent by mail.
 */
export async function selectUnseen(queries: Queries, key: MessageKey): Promise<UnseenMessage[]> {
  const { account_id, conversation_id, id } = key
  const rows = await messagesFrom(queries, { account_id, conversation_id, id, limit: mostMessages })
  const answered = rows.findLastIndex(({ message_type }) => message_type === 'incoming')
  const unseen = rows.slice(answered + 1).filter((row) => {
    const isSeen = row.created_at <= (row.contact_last_seen_at ?? 0)
    const isOfAgent = row.message_type === 'outgoing' && row.sender_type === 'User' && !row.private
    return (
      isOfAgent && !isSeen && row.source_id === null && row.deleted_at === null && row.status !== 'failed'
    )
  })
  if (unseen[0]?.id !== id) return []
  return unseen.map(({ id, content, attachments, created_at }) => ({
    id,
    content: content ?? '',
    attachments: JSON.parse(attachments ?? '[]'),
    created_at,
  }))
}
