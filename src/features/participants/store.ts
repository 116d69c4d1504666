import { type Selectable, sql } from 'kysely'
import type { Queries } from '../../db/database.ts'
import { prepare } from '../../db/prepare.ts'
import type { Tables } from '../../db/tables.ts'

type Row = Selectable<Tables['conversation_participants']>
export type Key = Pick<Row, 'account_id' | 'conversation_id'>
export type ParticipantKey = Key & Pick<Row, 'user_id'>

/** A condition: the user `p` still works in the inbox. Their row may not have been removed yet. */
const stillWorksThere = sql<boolean>`(a.role = 'administrator' or exists (select 1 from inbox_members m
  where m.account_id = p.account_id and m.inbox_id = p.inbox_id and m.user_id = p.user_id))`

const ofConversation = prepare<Key>()((builder, p) =>
  builder
    .selectFrom('conversation_participants as p')
    .innerJoin('account_users as a', (join) =>
      join.onRef('a.account_id', '=', 'p.account_id').onRef('a.user_id', '=', 'p.user_id'),
    )
    .innerJoin('users as u', 'u.id', 'p.user_id')
    .select(['u.id', 'u.name', 'u.email', 'a.role', 'u.avatar_url'])
    .where('p.account_id', '=', p.account_id)
    .where('p.conversation_id', '=', p.conversation_id)
    .where('p.left_at', 'is', null)
    .where(stillWorksThere)
    .orderBy('u.id'),
)

/** Returns the participants of a conversation who see it, ordered by user id. */
export function selectParticipants(queries: Queries, key: Key) {
  return ofConversation(queries, key)
}

const one = prepare<ParticipantKey>()((builder, p) =>
  builder
    .selectFrom('conversation_participants')
    .selectAll()
    .where('account_id', '=', p.account_id)
    .where('conversation_id', '=', p.conversation_id)
    .where('user_id', '=', p.user_id),
)

/** Returns the row of a user, who may have stopped following the conversation. */
export async function findRow(queries: Queries, key: ParticipantKey): Promise<Row | undefined> {
  return (await one(queries, key))[0]
}

/** Makes a user a participant. */
export async function insertParticipant(
  tx: Queries,
  row: ParticipantKey & Pick<Row, 'inbox_id' | 'created_at'>,
): Promise<void> {
  await tx.sql
    .insertInto('conversation_participants')
    .values({ ...row, left_at: null })
    .onConflict((conflict) =>
      conflict.columns(['account_id', 'conversation_id', 'user_id']).doUpdateSet({ left_at: null }),
    )
    .execute()
}

/** Records that a note has mentioned a user, if they are or were a participant. */
export async function markMentioned(tx: Queries, key: ParticipantKey, at: number): Promise<void> {
  await tx.sql
    .updateTable('conversation_participants')
    .set({ mentioned_at: at })
    .where('account_id', '=', key.account_id)
    .where('conversation_id', '=', key.conversation_id)
    .where('user_id', '=', key.user_id)
    .execute()
}

/** Records that users have stopped following a conversation. */
export async function leave(tx: Queries, key: Key, userIds: readonly number[], now: number): Promise<void> {
  await tx.sql
    .updateTable('conversation_participants')
    .set({ left_at: now })
    .where('account_id', '=', key.account_id)
    .where('conversation_id', '=', key.conversation_id)
    .where('user_id', 'in', userIds)
    .execute()
}

/** Returns the inboxes in which a user follows conversations, but does not work any more. */
export async function selectForeignInboxes(
  queries: Queries,
  accountId: number,
  userId: number,
): Promise<number[]> {
  const rows = await queries.sql
    .selectFrom('inboxes as i')
    .select('i.id')
    .where('i.account_id', '=', accountId)
    .where(
      sql<boolean>`exists (select 1 from conversation_participants p where p.account_id = i.account_id
        and p.user_id = ${userId} and p.inbox_id = i.id)`,
    )
    .where(
      sql<boolean>`not exists (select 1 from inbox_members m where m.account_id = i.account_id
        and m.inbox_id = i.id and m.user_id = ${userId})`,
    )
    .orderBy('i.id')
    .execute()
  return rows.map(({ id }) => id)
}

/** Deletes some rows of a user, in one inbox or in all of them. Returns how many. */
export async function deleteSome(
  tx: Queries,
  { account_id, user_id, inbox_id }: Pick<Row, 'account_id' | 'user_id'> & { inbox_id?: number },
  limit: number,
): Promise<number> {
  let some = tx.sql
    .selectFrom('conversation_participants')
    .select('conversation_id')
    .where('account_id', '=', account_id)
    .where('user_id', '=', user_id)
  if (inbox_id !== undefined) some = some.where('inbox_id', '=', inbox_id)
  const ids = (await some.limit(limit).execute()).map(({ conversation_id }) => conversation_id)
  if (ids.length === 0) return 0
  await tx.sql
    .deleteFrom('conversation_participants')
    .where('account_id', '=', account_id)
    .where('user_id', '=', user_id)
    .where('conversation_id', 'in', ids)
    .execute()
  return ids.length
}
