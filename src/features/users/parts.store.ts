import type { Queries } from '../../db/database.ts'
import type { User } from './store.ts'

/** Returns whether a user is a member of an account other than this one. */
export async function isMemberElsewhere(
  queries: Queries,
  userId: number,
  accountId: number,
): Promise<boolean> {
  const members = queries.sql.selectFrom('account_users').select('account_id').where('user_id', '=', userId)
  return (await members.where('account_id', '!=', accountId).executeTakeFirst()) !== undefined
}

/** Like `findUser`, but locks the row until the end of the transaction. */
export async function lockUser(tx: Queries, id: number): Promise<User | undefined> {
  const query = tx.sql.selectFrom('users').selectAll().where('id', '=', id)
  return (tx.engine === 'postgres' ? query.forUpdate() : query).executeTakeFirst()
}
