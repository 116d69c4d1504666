import type { Kysely, Selectable } from 'kysely'
import type { Queries } from '../../db/database.ts'
import { prepare } from '../../db/prepare.ts'
import type { Tables } from '../../db/tables.ts'

/** Whose a credential is, and the role in an account; null asks for none. */
interface Asked {
  hash: string
  account_id: number | null
}

export const findToken = prepare<Asked>()((sql, p) =>
  sql
    .selectFrom('access_tokens as t')
    .leftJoin('account_users as m', (join) =>
      join.onRef('m.user_id', '=', 't.user_id').on('m.account_id', '=', p.account_id),
    )
    .select(['t.id', 't.user_id', 't.scopes', 't.expires_at', 't.last_used_at', 'm.role'])
    .where('t.token_hash', '=', p.hash),
)

export const findSession = prepare<Asked>()((sql: Kysely<Tables>, p) =>
  sql
    .selectFrom('sessions as s')
    .leftJoin('account_users as m', (join) =>
      join.onRef('m.user_id', '=', 's.user_id').on('m.account_id', '=', p.account_id),
    )
    .select(['s.id', 's.user_id', 's.expires_at', 's.last_used_at', 'm.role'])
    .where('s.session_hash', '=', p.hash),
)

export async function insertToken(
  tx: Queries,
  token: { user_id: number; name: string; token_hash: string; scopes: string; expires_at: number | null },
  now: number,
): Promise<number> {
  const row = await tx.sql
    .insertInto('access_tokens')
    .values({ ...token, created_at: now })
    .returning('id')
    .executeTakeFirstOrThrow()
  return row.id
}

export async function setTokenUsed(tx: Queries, id: number, now: number): Promise<void> {
  await tx.sql.updateTable('access_tokens').set({ last_used_at: now }).where('id', '=', id).execute()
}

export async function selectTokens(
  queries: Queries,
  userId: number,
): Promise<Selectable<Tables['access_tokens']>[]> {
  const all = queries.sql.selectFrom('access_tokens').selectAll()
  return all.where('user_id', '=', userId).orderBy('id').execute()
}

/** Whether the user had this token. */
export async function deleteToken(tx: Queries, userId: number, id: number): Promise<boolean> {
  const deleted = tx.sql.deleteFrom('access_tokens').where('user_id', '=', userId).where('id', '=', id)
  return (await deleted.returning('id').execute()).length > 0
}

export async function insertSession(
  tx: Queries,
  session: Omit<Selectable<Tables['sessions']>, 'id'>,
): Promise<number> {
  const row = await tx.sql.insertInto('sessions').values(session).returning('id').executeTakeFirstOrThrow()
  return row.id
}

export async function setSessionUsed(tx: Queries, id: number, now: number, expiresAt: number): Promise<void> {
  await tx.sql
    .updateTable('sessions')
    .set({ last_used_at: now, expires_at: expiresAt })
    .where('id', '=', id)
    .execute()
}

/** Ends the session of this hash; gives whose it was. */
export async function deleteSession(tx: Queries, hash: string): Promise<number | undefined> {
  const deleted = tx.sql.deleteFrom('sessions').where('session_hash', '=', hash)
  return (await deleted.returning('user_id').execute())[0]?.user_id
}

/** Ends the sessions of a user but one, and all that are over. */
export async function deleteSessions(
  tx: Queries,
  userId: number,
  now: number,
  exceptId: number,
): Promise<void> {
  await tx.sql.deleteFrom('sessions').where('user_id', '=', userId).where('id', '!=', exceptId).execute()
  await deleteOldSessions(tx, now)
}

export async function deleteOldSessions(tx: Queries, now: number): Promise<void> {
  await tx.sql.deleteFrom('sessions').where('expires_at', '<=', now).execute()
}
