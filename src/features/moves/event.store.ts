import type { Queries } from '../../db/database.ts'

/**
 * Takes moved messages out of the events about other conversations that show one of them as their last message. These
 * events are erased with their conversation from then on. With the message of another one, they would stay.
 */
export async function detachEvents(
  tx: Queries,
  { account_id, to_id }: { account_id: number; to_id: number },
  ids: readonly number[],
): Promise<void> {
  const events = await tx.sql
    .selectFrom('events')
    .select(['position', 'data'])
    .where('account_id', '=', account_id)
    .where('message_id', 'in', ids)
    .where('conversation_id', '<>', to_id)
    .where('name', 'like', 'conversation%')
    .where('position', 'is not', null)
    .execute()
  for (const { position, data } of events) {
    const event = JSON.parse(data)
    const change = JSON.stringify({ ...event, conversation: { ...event.conversation, last_message: null } })
    await tx.sql
      .updateTable('events')
      .set({ message_id: null, data: change })
      .where('account_id', '=', account_id)
      .where('position', '=', position)
      .execute()
  }
}
