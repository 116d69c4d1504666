import type { Queries } from '../../../db/database.ts'
import { prepare } from '../../../db/prepare.ts'
import type { StoredAttachment } from '../../attachments/parts.store.ts'

interface MessageKey {
  account_id: number
  conversation_id: number
  id: number
}

// Messages that are searched for earlier mails.
const maxSearched = 100

const sourcesBefore = prepare<MessageKey & { limit: number }>()((builder, p) =>
  builder
    .selectFrom('messages')
    .select('source_id')
    .where('account_id', '=', p.account_id)
    .where('conversation_id', '=', p.conversation_id)
    .where('id', '<', p.id)
    .orderBy('id', 'desc')
    .limit(p.limit),
)

/** The `source_id`s of the messages just before a message, the oldest first. */
export async function selectSourcesBefore(queries: Queries, message: MessageKey): Promise<string[]> {
  const { account_id, conversation_id, id } = message
  const rows = await sourcesBefore(queries, { account_id, conversation_id, id, limit: maxSearched })
  return rows.flatMap(({ source_id }) => source_id ?? []).reverse()
}

const subjectOf = prepare<{ account_id: number; conversation_id: number }>()((builder, p) =>
  builder
    .selectFrom('conversations')
    .select('subject')
    .where('account_id', '=', p.account_id)
    .where('id', '=', p.conversation_id),
)

/** The subject of a conversation; null if it has none. */
export async function findSubject(
  queries: Queries,
  { account_id, conversation_id }: Omit<MessageKey, 'id'>,
): Promise<string | null> {
  return (await subjectOf(queries, { account_id, conversation_id }))[0]?.subject ?? null
}

const attachmentsOf = prepare<MessageKey>()((builder, p) =>
  builder
    .selectFrom('messages')
    .select('attachments')
    .where('account_id', '=', p.account_id)
    .where('conversation_id', '=', p.conversation_id)
    .where('id', '=', p.id),
)

/** The files of a message. */
export async function selectFilesOf(queries: Queries, message: MessageKey): Promise<StoredAttachment[]> {
  const { account_id, conversation_id, id } = message
  const [row] = await attachmentsOf(queries, { account_id, conversation_id, id })
  return JSON.parse(row?.attachments ?? '[]')
}
