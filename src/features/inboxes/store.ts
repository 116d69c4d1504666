import type { Queries } from '../../db/database.ts'
import type { Tables } from '../../db/tables.ts'
import { type Actor, seesAllInboxes } from '../../lib/actor.ts'
import type { Inbox } from './schema.ts'

export async function insertInbox(
  tx: Queries,
  inbox: Pick<Tables['inboxes'], 'account_id' | 'id' | 'name' | 'channel_type' | 'identifier'>,
  now: number,
): Promise<void> {
  await tx.sql
    .insertInto('inboxes')
    .values({ ...inbox, created_at: now, updated_at: now })
    .execute()
}

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

export async function selectVisible(queries: Queries, actor: Actor): Promise<Inbox[]> {
  return visible(queries, actor).orderBy('inboxes.id').execute()
}

export async function findVisible(queries: Queries, actor: Actor, id: number): Promise<Inbox | undefined> {
  return visible(queries, actor).where('inboxes.id', '=', id).executeTakeFirst()
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
    .select([
      'inboxes.id',
      'inboxes.name',
      'inboxes.channel_type',
      'inboxes.identifier as inbox_identifier',
      'inboxes.webhook_url',
      'inboxes.greeting_message',
    ])
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
