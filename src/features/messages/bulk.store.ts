import { sql } from 'kysely'
import type { Queries } from '../../db/database.ts'
import { reserveIds } from '../../db/ids.ts'
import { limitOf, prepare } from '../../db/prepare.ts'
import type { Tables } from '../../db/tables.ts'
import { messageEventData } from './event.store.ts'

interface Unread {
  account_id: number
  conversation_id: number
  /** Which messages were read: those of the contact or those of agents. */
  message_type: 'incoming' | 'outgoing'
  /** Milliseconds. */
  since: number
  now: number
  limit: number
}

const markRead = prepare<Unread>()((builder, p) =>
  builder
    .updateTable('messages')
    .set({
      status: sql.lit('read' as const),
      updated_at: sql<number>`case when ${p.now} > created_at then ${p.now} else created_at end`,
    })
    .where('account_id', '=', p.account_id)
    .where('conversation_id', '=', p.conversation_id)
    .where('id', 'in', ({ selectFrom }) =>
      selectFrom('messages as u')
        .select('u.id')
        .where('u.account_id', '=', p.account_id)
        .where('u.conversation_id', '=', p.conversation_id)
        .where('u.created_at', '>=', p.since)
        .where('u.message_type', '=', p.message_type)
        .where('u.private', '=', sql.lit(0))
        .where('u.status', 'in', [sql.lit('sent' as const), sql.lit('delivered' as const)])
        .where('u.deleted_at', 'is', null)
        .orderBy('u.created_at')
        .orderBy('u.id')
        .limit(limitOf(p.limit)),
    )
    .returning('id'),
)

/** Marks the oldest unread messages of one side since a time as `read`, and logs it. Returns how many. */
export async function markMessagesRead(tx: Queries, unread: Unread): Promise<number> {
  const rows = await markRead(tx, unread)
  if (rows.length > 0)
    await logUpdates(
      tx,
      unread,
      rows.map(({ id }) => id),
    )
  return rows.length
}

/** Appends `message_updated` for messages, in the order of their ids, in one statement. */
async function logUpdates(tx: Queries, { account_id, conversation_id, now }: Unread, ids: number[]) {
  const position =
    tx.engine === 'sqlite'
      ? sql`${(await reserveIds(tx, account_id, 'events', ids.length)) - ids.length} + row_number() over (order by m.id)`
      : sql`cast(null as bigint)`
  const row = {
    account_id: sql`m.account_id`,
    position,
    name: sql.lit('message_updated'),
    audience: sql.lit('everyone'),
    conversation_id: sql`m.conversation_id`,
    inbox_id: sql`m.inbox_id`,
    contact_id: sql`c.contact_id`,
    message_id: sql`m.id`,
    data: messageEventData(tx.engine, sql.lit('message_updated')),
    created_at: sql`cast(${now} as bigint)`,
  }
  const values = Object.values(row).map((value) => sql`${value}`)
  await tx.sql
    .insertInto('events')
    .columns(Object.keys(row) as (keyof Tables['events'])[])
    .expression(
      sql`select ${sql.join(values)} from messages m, conversations c, contacts p, accounts a
        where m.account_id = ${account_id} and m.conversation_id = ${conversation_id} and m.id in (${sql.join(ids)})
          and c.account_id = m.account_id and c.id = m.conversation_id
          and p.account_id = c.account_id and p.id = c.contact_id and a.id = m.account_id
        order by m.id` as never,
    )
    .execute()
}

/** Deletes all messages of a conversation and their events. */
export async function eraseMessages(tx: Queries, accountId: number, conversationId: number): Promise<void> {
  await tx.sql
    .deleteFrom('events')
    .where('account_id', '=', accountId)
    .where('message_id', 'in', ({ selectFrom }) =>
      selectFrom('messages')
        .select('id')
        .where('account_id', '=', accountId)
        .where('conversation_id', '=', conversationId),
    )
    .execute()
  await tx.sql
    .deleteFrom('messages')
    .where('account_id', '=', accountId)
    .where('conversation_id', '=', conversationId)
    .execute()
}
