import type { Queries } from '../../db/database.ts'
import { prepare } from '../../db/prepare.ts'
import type { Tables } from '../../db/tables.ts'

type Role = Tables['account_users']['role']

export const findToken = prepare<{ token_hash: string; account_id: number | null }>()((sql, p) =>
  sql
    .selectFrom('access_tokens')
    .leftJoin('account_users', (join) =>
      join
        .onRef('account_users.user_id', '=', 'access_tokens.user_id')
        .on('account_users.account_id', '=', p.account_id),
    )
    .select([
      'access_tokens.id',
      'access_tokens.user_id',
      'access_tokens.scopes',
      'access_tokens.expires_at',
      'access_tokens.last_used_at',
      'account_users.role',
    ])
    .where('access_tokens.token_hash', '=', p.token_hash),
)

export async function insertUser(
  tx: Queries,
  user: { email: string; name: string; password_hash: string },
  now: number,
): Promise<number> {
  const row = await tx.sql
    .insertInto('users')
    .values({ ...user, created_at: now, updated_at: now })
    .returning('id')
    .executeTakeFirstOrThrow()
  return row.id
}

export async function insertMembership(
  tx: Queries,
  member: { account_id: number; user_id: number; role: Role },
  now: number,
): Promise<void> {
  await tx.sql
    .insertInto('account_users')
    .values({ ...member, created_at: now })
    .execute()
}

export async function insertToken(
  tx: Queries,
  token: { user_id: number; name: string; token_hash: string; scopes: string; expires_at: number | null },
  now: number,
): Promise<void> {
  await tx.sql
    .insertInto('access_tokens')
    .values({ ...token, created_at: now })
    .execute()
}

export async function setLastUsed(tx: Queries, tokenId: number, now: number): Promise<void> {
  await tx.sql.updateTable('access_tokens').set({ last_used_at: now }).where('id', '=', tokenId).execute()
}

export async function findUserByEmail(queries: Queries, email: string): Promise<{ id: number } | undefined> {
  return queries.sql.selectFrom('users').select('id').where('email', '=', email).executeTakeFirst()
}

export async function findMember(
  queries: Queries,
  accountId: number,
  userId: number,
): Promise<{ role: Role } | undefined> {
  return queries.sql
    .selectFrom('account_users')
    .select('role')
    .where('account_id', '=', accountId)
    .where('user_id', '=', userId)
    .executeTakeFirst()
}
