import type { Kysely, Selectable } from 'kysely'
import type { Queries } from '../../db/database.ts'
import { prepare } from '../../db/prepare.ts'
import type { Tables } from '../../db/tables.ts'

/** Finds a session by its hash, with its user's role in an account. Without an account, the role is null. */
export const findSession = prepare<{ hash: string; account_id: number | null }>()((sql: Kysely<Tables>, p) =>
  sql
    .selectFrom('sessions as s')
    .leftJoin('account_users as m', (join) =>
      join.onRef('m.user_id', '=', 's.user_id').on('m.account_id', '=', p.account_id),
    )
    .select(['s.id', 's.user_id', 's.created_at', 's.expires_at', 's.last_used_at', 'm.role'])
    .where('s.session_hash', '=', p.hash),
)

type Session = Selectable<Tables['sessions']>

export async function insertSession(tx: Queries, session: Omit<Session, 'id'>): Promise<void> {
  await tx.sql.insertInto('sessions').values(session).execute()
}

export async function setSessionUsed(tx: Queries, id: number, now: number, expiresAt: number): Promise<void> {
  await tx.sql
    .updateTable('sessions')
    .set({ last_used_at: now, expires_at: expiresAt })
    .where('id', '=', id)
    .execute()
}

/** Lists the sessions of a user that have not expired, most recently used first. */
export async function selectSessions(queries: Queries, userId: number, now: number): Promise<Session[]> {
  return queries.sql
    .selectFrom('sessions')
    .selectAll()
    .where('user_id', '=', userId)
    .where('expires_at', '>', now)
    .orderBy('last_used_at', 'desc')
    .orderBy('id', 'desc')
    .execute()
}

/** Deletes the session with this hash, and returns the id of its user. */
export async function deleteSession(tx: Queries, hash: string): Promise<number | undefined> {
  const deleted = tx.sql.deleteFrom('sessions').where('session_hash', '=', hash)
  return (await deleted.returning('user_id').execute())[0]?.user_id
}

/** Deletes one session of a user, and returns whether it existed. */
export async function deleteSessionOf(tx: Queries, userId: number, id: number): Promise<boolean> {
  const deleted = tx.sql.deleteFrom('sessions').where('user_id', '=', userId).where('id', '=', id)
  return (await deleted.returning('id').execute()).length > 0
}

/** Deletes the sessions of a user except one, and all that have expired. */
export async function deleteSessions(
  tx: Queries,
  userId: number,
  now: number,
  exceptId: number,
): Promise<void> {
  await tx.sql.deleteFrom('sessions').where('user_id', '=', userId).where('id', '!=', exceptId).execute()
  await deleteOldSessions(tx, now)
}

/** Deletes all sessions that have expired. */
export async function deleteOldSessions(tx: Queries, now: number): Promise<void> {
  await tx.sql.deleteFrom('sessions').where('expires_at', '<=', now).execute()
}
