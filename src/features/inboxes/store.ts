import type { Updateable } from 'kysely'
import type { Queries } from '../../db/database.ts'
import type { Tables } from '../../db/tables.ts'
import { type Actor, seesAllInboxes } from '../../lib/actor.ts'
import { type SecretPlace, sealed } from '../../lib/secret-box.ts'
import type { Member } from './schema.ts'

/** Its `hmac_token` and the secrets among its `settings` are encrypted. */
export type Row = Tables['inboxes']

/** Where the `hmac_token` of an inbox is stored. */
export function hmacTokenPlace({ account_id, id }: Pick<Row, 'account_id' | 'id'>): SecretPlace {
  return { table: 'inboxes', column: 'hmac_token', key: [account_id, id] }
}

/** Where the settings of an inbox are stored. */
export function settingsPlace({ account_id, id }: Pick<Row, 'account_id' | 'id'>): SecretPlace {
  return { table: 'inboxes', column: 'settings', key: [account_id, id] }
}

/** Stores an inbox, and encrypts its `hmac_token`. */
export async function insertInbox(tx: Queries, inbox: Row): Promise<void> {
  const hmac_token = sealed(tx, inbox.hmac_token, hmacTokenPlace(inbox))
  await tx.sql
    .insertInto('inboxes')
    .values({ ...inbox, hmac_token })
    .execute()
}

/** Changes an inbox, and encrypts a new `hmac_token`. */
export async function updateInbox(
  tx: Queries,
  accountId: number,
  id: number,
  change: Updateable<Row>,
): Promise<void> {
  const place = hmacTokenPlace({ account_id: accountId, id })
  const token = change.hmac_token ? { hmac_token: sealed(tx, change.hmac_token, place) } : {}
  const update = tx.sql.updateTable('inboxes').set({ ...change, ...token })
  await update.where('account_id', '=', accountId).where('id', '=', id).execute()
}

/** Deletes an inbox that has no conversations, with its members, contact inboxes, secrets and visits. */
export async function deleteInbox(tx: Queries, accountId: number, id: number): Promise<void> {
  for (const table of ['inbox_members', 'visits', 'contact_secrets', 'contact_inboxes'] as const) {
    const rows = tx.sql.deleteFrom(table).where('account_id', '=', accountId)
    await rows.where('inbox_id', '=', id).execute()
  }
  await tx.sql.deleteFrom('inboxes').where('account_id', '=', accountId).where('id', '=', id).execute()
}

/** The members of an inbox, ordered by user id. */
export async function selectMembers(queries: Queries, accountId: number, inboxId: number): Promise<Member[]> {
  return queries.sql
    .selectFrom('inbox_members as m')
    .innerJoin('users as u', 'u.id', 'm.user_id')
    .innerJoin('account_users as a', (join) =>
      join.onRef('a.account_id', '=', 'm.account_id').onRef('a.user_id', '=', 'm.user_id'),
    )
    .select(['u.id', 'u.name', 'u.email', 'a.role', 'u.avatar_url'])
    .where('m.account_id', '=', accountId)
    .where('m.inbox_id', '=', inboxId)
    .orderBy('u.id')
    .execute()
}

export async function deleteMembers(
  tx: Queries,
  accountId: number,
  inboxId: number,
  userIds: number[],
): Promise<void> {
  // PostgreSQL does not accept an empty list.
  if (userIds.length === 0) return
  const members = tx.sql.deleteFrom('inbox_members').where('account_id', '=', accountId)
  await members.where('inbox_id', '=', inboxId).where('user_id', 'in', userIds).execute()
}

/** Makes a user a member of an inbox, if they are not one already. */
export async function insertMember(
  tx: Queries,
  member: { account_id: number; inbox_id: number; user_id: number },
  now: number,
): Promise<void> {
  await tx.sql
    .insertInto('inbox_members')
    .values({ ...member, created_at: now })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/** The inboxes that the actor sees, ordered by id. */
export async function selectVisible(queries: Queries, actor: Actor): Promise<Row[]> {
  return visible(queries, actor).orderBy('inboxes.id').execute()
}

/** The inbox with an id; undefined if there is none that the actor sees. */
export async function findVisible(queries: Queries, actor: Actor, id: number): Promise<Row | undefined> {
  return visible(queries, actor).where('inboxes.id', '=', id).executeTakeFirst()
}

/** The inbox with an id, whoever may see it. */
export function findById(queries: Queries, accountId: number, id: number): Promise<Row | undefined> {
  const rows = queries.sql.selectFrom('inboxes').selectAll()
  return rows.where('account_id', '=', accountId).where('id', '=', id).executeTakeFirst()
}

/** The inbox with this `inbox_identifier`, in any account. */
export function findByIdentifier(queries: Queries, identifier: string): Promise<Row | undefined> {
  return queries.sql.selectFrom('inboxes').selectAll().where('identifier', '=', identifier).executeTakeFirst()
}

export async function isMember(
  queries: Queries,
  member: { account_id: number; inbox_id: number; user_id: number },
): Promise<boolean> {
  const row = await queries.sql
    .selectFrom('inbox_members')
    .select('user_id')
    .where('account_id', '=', member.account_id)
    .where('inbox_id', '=', member.inbox_id)
    .where('user_id', '=', member.user_id)
    .executeTakeFirst()
  return row !== undefined
}

function visible(queries: Queries, actor: Actor) {
  const all = queries.sql
    .selectFrom('inboxes')
    .selectAll('inboxes')
    .where('inboxes.account_id', '=', actor.accountId)
  if (seesAllInboxes(actor)) return all
  return all.where(({ exists, selectFrom }) =>
    exists(
      selectFrom('inbox_members')
        .select('inbox_members.user_id')
        .whereRef('inbox_members.account_id', '=', 'inboxes.account_id')
        .whereRef('inbox_members.inbox_id', '=', 'inboxes.id')
        .where('inbox_members.user_id', '=', actor.userId),
    ),
  )
}
