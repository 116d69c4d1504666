import { type Insertable, type Selectable, sql, type Updateable } from 'kysely'
import type { Queries } from '../../db/database.ts'
import type { Tables } from '../../db/tables.ts'

type Role = Tables['account_users']['role']
export type User = Selectable<Tables['users']>
export type Membership = Selectable<Tables['account_users']>

export async function insertUser(
  tx: Queries,
  user: { login: string; email: string; name: string; password_hash: string; confirmed: number },
  now: number,
): Promise<number> {
  const row = await tx.sql
    .insertInto('users')
    .values({ ...user, created_at: now, updated_at: now })
    .returning('id')
    .executeTakeFirstOrThrow()
  return row.id
}

/** Inserts a user with an id that was not generated here. */
export async function insertUserWithId(tx: Queries, user: Insertable<Tables['users']>): Promise<void> {
  await tx.sql.insertInto('users').values(user).execute()
  if (tx.engine === 'sqlite') return
  // SQLite does this by itself.
  const last = sql`select setval(pg_get_serial_sequence('users', 'id'), max(id)) from users`
  await tx.run(last.compile(tx.sql))
}

export async function updateUser(
  tx: Queries,
  userId: number,
  change: Updateable<Tables['users']>,
): Promise<void> {
  await tx.sql
    .updateTable('users')
    .set({ ...change, updated_at: Date.now() })
    .where('id', '=', userId)
    .execute()
}

export async function insertMembership(
  tx: Queries,
  member: { account_id: number; user_id: number; role: Role; availability: Membership['availability'] },
  now: number,
): Promise<void> {
  await tx.sql
    .insertInto('account_users')
    .values({ ...member, created_at: now })
    .execute()
}

/** Sets the availability of a user in all their accounts. */
export async function setAvailability(
  tx: Queries,
  userId: number,
  availability: Membership['availability'],
): Promise<void> {
  await tx.sql.updateTable('account_users').set({ availability }).where('user_id', '=', userId).execute()
}

/** Finds a user by their login. */
export async function findUserByLogin(queries: Queries, login: string): Promise<User | undefined> {
  return queries.sql.selectFrom('users').selectAll().where('login', '=', login).executeTakeFirst()
}

/** Finds the users with this address who are invited and have not accepted. */
export async function selectInvited(queries: Queries, email: string): Promise<User[]> {
  return queries.sql
    .selectFrom('users as u')
    .innerJoin('account_users as m', 'm.user_id', 'u.id')
    .selectAll('u')
    .where('u.email', '=', email)
    .where('u.confirmed', '=', 0)
    .orderBy('u.id')
    .execute()
}

export async function findUser(queries: Queries, id: number): Promise<User | undefined> {
  return queries.sql.selectFrom('users').selectAll().where('id', '=', id).executeTakeFirst()
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

/** Selects the members of an account, with their role and availability there. */
function agents(queries: Queries, accountId: number) {
  return queries.sql
    .selectFrom('account_users as m')
    .innerJoin('users as u', 'u.id', 'm.user_id')
    .select(['u.id', 'u.name', 'u.email', 'u.avatar_url', 'u.confirmed', 'm.role', 'm.availability'])
    .where('m.account_id', '=', accountId)
}
export type AgentRow = Awaited<ReturnType<ReturnType<typeof agents>['execute']>>[number]

export async function selectAgents(queries: Queries, accountId: number): Promise<AgentRow[]> {
  return agents(queries, accountId).orderBy('u.id').execute()
}

export async function findAgentRow(
  queries: Queries,
  accountId: number,
  userId: number,
): Promise<AgentRow | undefined> {
  return agents(queries, accountId).where('u.id', '=', userId).executeTakeFirst()
}

/** Lists the accounts of a user, with their role and availability there. */
export async function selectAccounts(queries: Queries, userId: number) {
  return queries.sql
    .selectFrom('account_users as m')
    .innerJoin('accounts as a', 'a.id', 'm.account_id')
    .select(['a.id', 'a.name', 'm.role', 'm.availability'])
    .where('m.user_id', '=', userId)
    .orderBy('a.id')
    .execute()
}
