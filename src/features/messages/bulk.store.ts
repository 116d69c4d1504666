import { sql } from 'kysely'
import type { Queries } from '../../db/database.ts'
import { reserveIds } from '../../db/ids.ts'
import { prepare } from '../../db/prepare.ts'
import type { Tables } from '../../db/tables.ts'
import { actorColumns } from '../../events/append.ts'
import type { Actor } from '../../lib/actor.ts'
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

const selectUnread = prepare<Unread>()((builder, p) =>
  builder
    .selectFrom('messages')
    .select(['id', 'status', 'created_at'])
    .where('account_id', '=', p.account_id)
    .where('conversation_id', '=', p.conversation_id)
    .where('created_at', '>=', p.since)
    .where('message_type', '=', p.message_type)
    .where('private', '=', sql.lit(0))
    .where('status', 'in', [sql.lit('sent' as const), sql.lit('delivered' as const)])
    .where('deleted_at', 'is', null)
    .orderBy('created_at')
    .orderBy('id')
    .limit(p.limit),
)

/**
 * Marks the oldest unread messages of one side since a time as `read`, and logs it. Returns how many, and when the last
 * one was created. The caller has locked the conversation, so that their status does not change meanwhile.
 */
export async function markMessagesRead(
  tx: Queries,
  actor: Actor,
  unread: Unread,
): Promise<{ count: number; last: number | undefined }> {
  const { account_id, conversation_id, now } = unread
  const rows = await selectUnread(tx, unread)
  if (rows.length === 0) return { count: 0, last: undefined }
  const ids = rows.map(({ id }) => id)
  await tx.sql
    .updateTable('messages')
    .set({
      status: 'read',
      updated_at: sql<number>`case when ${now} > created_at then ${now} else created_at end`,
    })
    .where('account_id', '=', account_id)
    .where('conversation_id', '=', conversation_id)
    .where('id', 'in', ids)
    .execute()
  const delivered = rows.filter(({ status }) => status === 'delivered')
  await logRead(
    tx,
    actor,
    unread,
    ids,
    delivered.map(({ id }) => id),
  )
  return { count: rows.length, last: rows.at(-1)!.created_at }
}

/**
 * Appends `message_updated` for messages that were `sent` or, those in `delivered`, `delivered`. The events are in the
 * order of the ids, and appended in one statement.
 */
async function logRead(
  tx: Queries,
  actor: Actor,
  { account_id, conversation_id, now }: Unread,
  ids: number[],
  delivered: number[],
) {
  const { actor_type, actor_id, cause } = actorColumns(actor)
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
    data: messageEventData(tx.engine, sql.lit('message_updated'), sql.lit('["status"]')),
    actor_type: sql`cast(${actor_type} as text)`,
    actor_id: sql`cast(${actor_id} as bigint)`,
    cause: sql`cast(${cause} as text)`,
    before: sql`case when m.id in (${sql.join([0, ...delivered])})
      then '{"status":"delivered"}' else '{"status":"sent"}' end`,
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

const someMessages = prepare<{ account_id: number; conversation_id: number; limit: number }>()((builder, p) =>
  builder
    .selectFrom('messages')
    .select('id')
    .where('account_id', '=', p.account_id)
    .where('conversation_id', '=', p.conversation_id)
    .orderBy('id')
    .limit(p.limit),
)

// SQLite takes up to 5 ms to remove a message from the search, so few are erased before the time is checked again.
const erasedTogether = 5

/**
 * Deletes messages of a conversation, the oldest first, and their events until `isOver`. Returns whether it has deleted
 * them all.
 */
export async function eraseMessages(
  tx: Queries,
  account_id: number,
  conversation_id: number,
  isOver: () => boolean,
): Promise<boolean> {
  for (;;) {
    const rows = await someMessages(tx, { account_id, conversation_id, limit: erasedTogether })
    const ids = rows.map(({ id }) => id)
    if (ids.length > 0) {
      await tx.sql
        .deleteFrom('events')
        .where('account_id', '=', account_id)
        .where('message_id', 'in', ids)
        .execute()
      await tx.sql
        .deleteFrom('messages')
        .where('account_id', '=', account_id)
        .where('conversation_id', '=', conversation_id)
        .where('id', 'in', ids)
        .execute()
    }
    if (ids.length < erasedTogether) return true
    if (isOver()) return false
  }
}
