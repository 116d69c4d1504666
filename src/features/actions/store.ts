import type { Queries } from '../../db/database.ts'

/** The id of the last message of a conversation that is not an activity message; 0 if there is none. */
export async function lastMessageId(tx: Queries, accountId: number, conversationId: number): Promise<number> {
  const row = await tx.sql
    .selectFrom('messages')
    .select('id')
    .where('account_id', '=', accountId)
    .where('conversation_id', '=', conversationId)
    .where('message_type', '<>', 'activity')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.id ?? 0
}
