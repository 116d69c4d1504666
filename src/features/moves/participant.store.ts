import { sql } from 'kysely'
import type { Queries } from '../../db/database.ts'
import { mostParticipants } from '../participants/schema.ts'
import type { Move } from './message.store.ts'

/** When a note last mentioned a participant of the other conversation, before a merge and after it. */
export interface MovedMention {
  user_id: number
  before: number | null
  after: number
}

/** Returns the rows of a conversation, also of users who have stopped following it. */
function rowsOf(tx: Queries, accountId: number, conversationId: number) {
  const all = tx.sql.selectFrom('conversation_participants').selectAll().where('account_id', '=', accountId)
  return all.where('conversation_id', '=', conversationId).orderBy('user_id').execute()
}

/** Lets those who follow a conversation follow another one, too. One who has stopped following that is left alone. */
export async function copyParticipants(tx: Queries, { account_id, from_id, to_id }: Move): Promise<number[]> {
  const from = (await rowsOf(tx, account_id, from_id)).filter(({ left_at }) => left_at === null)
  const to = await rowsOf(tx, account_id, to_id)
  const added = from.filter(({ user_id }) => !to.some((one) => one.user_id === user_id))
  const free = Math.max(0, mostParticipants - to.filter(({ left_at }) => left_at === null).length)
  const rows = added.slice(0, free).map((row) => ({ ...row, conversation_id: to_id }))
  if (rows.length > 0) await tx.sql.insertInto('conversation_participants').values(rows).execute()
  return rows.map(({ user_id }) => user_id)
}

/** Lets users who have a row in both conversations be mentioned in the second one when a note in either mentioned them. */
export async function copyMentions(
  tx: Queries,
  { account_id, from_id, to_id }: Move,
): Promise<MovedMention[]> {
  const moved: MovedMention[] = []
  const to = await rowsOf(tx, account_id, to_id)
  for (const { user_id, mentioned_at: after } of await rowsOf(tx, account_id, from_id)) {
    const row = to.find((one) => one.user_id === user_id)
    if (!row || after === null || after <= (row.mentioned_at ?? 0)) continue
    moved.push({ user_id, before: row.mentioned_at, after })
    await setMentioned(tx, { account_id, conversation_id: to_id, user_id }, row.mentioned_at, after)
  }
  return moved
}

/** Ends that users follow the second conversation, unless a note in it has mentioned them since. */
export async function returnParticipants(
  tx: Queries,
  { account_id, from_id, to_id }: Move,
  userIds: readonly number[],
): Promise<void> {
  if (userIds.length === 0) return
  const rows = tx.sql.deleteFrom('conversation_participants').where('account_id', '=', account_id)
  await rows
    .where('conversation_id', '=', to_id)
    .where('user_id', 'in', userIds)
    .where(
      sql<boolean>`(mentioned_at is null or exists (select 1 from conversation_participants f
        where f.account_id = conversation_participants.account_id and f.conversation_id = ${from_id}
          and f.user_id = conversation_participants.user_id
          and f.mentioned_at = conversation_participants.mentioned_at))`,
    )
    .execute()
}

/** Restores when users were mentioned in the second conversation, unless they were mentioned there since. */
export async function returnMentions(
  tx: Queries,
  { account_id, to_id }: Move,
  moved: readonly MovedMention[],
): Promise<void> {
  for (const { user_id, before, after } of moved)
    await setMentioned(tx, { account_id, conversation_id: to_id, user_id }, after, before)
}

async function setMentioned(
  tx: Queries,
  key: { account_id: number; conversation_id: number; user_id: number },
  from: number | null,
  mentioned_at: number | null,
): Promise<void> {
  await tx.sql
    .updateTable('conversation_participants')
    .set({ mentioned_at })
    .where('account_id', '=', key.account_id)
    .where('conversation_id', '=', key.conversation_id)
    .where('user_id', '=', key.user_id)
    .where('mentioned_at', from === null ? 'is' : '=', from)
    .execute()
}
