import type { Insertable } from 'kysely'
import type { Queries } from '../../db/database.ts'
import { prepare } from '../../db/prepare.ts'
import type { Tables } from '../../db/tables.ts'

/** Finds a token by its hash, with its user's role in an account of the token. Without an account, the role is null. */
export const findToken = prepare<{ hash: string; account_id: number | null }>()((sql, p) =>
  sql
    .selectFrom('access_tokens as t')
    .leftJoin('token_memberships as o', (join) =>
      join.onRef('o.token_id', '=', 't.id').on('o.account_id', '=', p.account_id),
    )
    .leftJoin('account_users as m', (join) =>
      join.onRef('m.account_id', '=', 'o.account_id').onRef('m.user_id', '=', 't.user_id'),
    )
    .select(['t.id', 't.user_id', 't.scopes', 't.expires_at', 't.last_used_at', 'm.role'])
    .where('t.token_hash', '=', p.hash),
)

/** Stores a token for one account, and returns its id. */
export async function insertToken(
  tx: Queries,
  accountId: number,
  token: Insertable<Tables['access_tokens']>,
): Promise<number> {
  const { id } = await tx.sql
    .insertInto('access_tokens')
    .values(token)
    .returning('id')
    .executeTakeFirstOrThrow()
  await insertTokenMembership(tx, { account_id: accountId, token_id: id, user_id: token.user_id })
  return id
}

/** Lets a token open an account. */
export async function insertTokenMembership(
  tx: Queries,
  membership: Tables['token_memberships'],
): Promise<void> {
  await tx.sql.insertInto('token_memberships').values(membership).execute()
}

export async function setTokenUsed(tx: Queries, id: number, now: number): Promise<void> {
  await tx.sql.updateTable('access_tokens').set({ last_used_at: now }).where('id', '=', id).execute()
}

/** Selects some of the tokens of accounts. */
export interface TokenFilter {
  accountIds: readonly number[]
  userId?: number
  tokenId?: number
}
export type TokenRow = Awaited<ReturnType<typeof selectTokens>>[number]

/** Selects tokens by id, with one row for each of their accounts. */
export async function selectTokens(queries: Queries, { accountIds, userId, tokenId }: TokenFilter) {
  if (accountIds.length === 0) return []
  let rows = queries.sql
    .selectFrom('token_memberships as o')
    .innerJoin('access_tokens as t', 't.id', 'o.token_id')
    .select(['t.id', 't.user_id', 't.name', 't.scopes', 't.expires_at', 't.last_used_at', 't.created_at'])
    .select('o.account_id')
    .where('o.account_id', 'in', accountIds)
  if (userId !== undefined) rows = rows.where('o.user_id', '=', userId)
  if (tokenId !== undefined) rows = rows.where('o.token_id', '=', tokenId)
  return rows.orderBy('t.id').orderBy('o.account_id').execute()
}

/** Returns the ids of the accounts that a token can use. */
export async function selectAccountsOfToken(queries: Queries, tokenId: number): Promise<number[]> {
  const query = queries.sql.selectFrom('token_memberships').select('account_id')
  const rows = await query.where('token_id', '=', tokenId).orderBy('account_id').execute()
  return rows.map(({ account_id }) => account_id)
}

/** Counts the tokens of a member of an account that have not expired. */
export async function countLiveTokens(
  queries: Queries,
  accountId: number,
  userId: number,
  now: number,
): Promise<number> {
  const { count } = await queries.sql
    .selectFrom('token_memberships as o')
    .innerJoin('access_tokens as t', 't.id', 'o.token_id')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('o.account_id', '=', accountId)
    .where('o.user_id', '=', userId)
    .where(({ or, eb }) => or([eb('t.expires_at', 'is', null), eb('t.expires_at', '>', now)]))
    .executeTakeFirstOrThrow()
  return count
}

/** Removes tokens from accounts, deletes those without another account, and returns the ids of their users. */
export async function deleteTokens(
  tx: Queries,
  { accountIds, userId, tokenId }: TokenFilter,
): Promise<number[]> {
  if (accountIds.length === 0) return []
  let memberships = tx.sql.deleteFrom('token_memberships').where('account_id', 'in', accountIds)
  if (userId !== undefined) memberships = memberships.where('user_id', '=', userId)
  if (tokenId !== undefined) memberships = memberships.where('token_id', '=', tokenId)
  const deleted = await memberships.returning(['token_id', 'user_id']).execute()
  if (deleted.length === 0) return []
  const ids = [...new Set(deleted.map(({ token_id }) => token_id))]
  await tx.sql
    .deleteFrom('access_tokens')
    .where('id', 'in', ids)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('token_memberships as o')
            .select('o.token_id')
            .whereRef('o.token_id', '=', 'access_tokens.id'),
        ),
      ),
    )
    .execute()
  return [...new Set(deleted.map(({ user_id }) => user_id))]
}
