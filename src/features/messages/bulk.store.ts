import { sql } from 'kysely'
import type { Queries } from '../../db/database.ts'
import { reserveIds } from '../../db/ids.ts'
import { json } from '../../db/json.ts'
import { prepare } from '../../db/prepare.ts'
import type { Tables } from '../../db/tables.ts'
import { type ActorColumns, actorColumns } from '../../events/append.ts'
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
  const marked = { account_id, conversation_id, now, ids: JSON.stringify(ids) }
  await setRead(tx, marked)
  const delivered = rows.filter(({ status }) => status === 'delivered').map(({ id }) => id)
  // SQLite numbers events as they are appended, PostgreSQL afterwards.
  const previousPosition =
    tx.engine === 'sqlite' ? (await reserveIds(tx, account_id, 'events', ids.length)) - ids.length : null
  await logRead(tx, {
    ...marked,
    ...actorColumns(actor),
    delivered: JSON.stringify(delivered),
    previousPosition,
  })
  return { count: rows.length, last: rows.at(-1)!.created_at }
}

interface Marked {
  account_id: number
  conversation_id: number
  now: number
  /** The messages, as a JSON list of ids. */
  ids: string
}

const setRead = prepare<Marked>()((builder, p, engine) =>
  builder
    .updateTable('messages')
    .set({
      status: sql.lit('read' as const),
      updated_at: sql<number>`case when ${p.now} > created_at then ${p.now} else created_at end`,
    })
    .where('account_id', '=', p.account_id)
    .where('conversation_id', '=', p.conversation_id)
    .where(json[engine].isIn(sql.ref('id'), p.ids, 'bigint')),
)

/**
 * Appends `message_updated` for messages that were `sent` or, those in `delivered`, `delivered`, in the order of their ids.
 * `previousPosition` is the last one before theirs; null on PostgreSQL.
 */
const logRead = prepare<Marked & ActorColumns & { delivered: string; previousPosition: number | null }>()(
  (builder, p, engine) => {
    const { isIn } = json[engine]
    const row = {
      account_id: sql`m.account_id`,
      position: sql`cast(${p.previousPosition} as bigint) + row_number() over (order by m.id)`,
      name: sql.lit('message_updated'),
      audience: sql.lit('everyone'),
      conversation_id: sql`m.conversation_id`,
      inbox_id: sql`m.inbox_id`,
      contact_id: sql`c.contact_id`,
      message_id: sql`m.id`,
      data: messageEventData(engine, sql.lit('message_updated'), sql.lit('["status"]')),
      actor_type: sql`cast(${p.actor_type} as text)`,
      actor_id: sql`cast(${p.actor_id} as bigint)`,
      cause: sql`cast(${p.cause} as text)`,
      before: sql`case when ${isIn(sql.ref('m.id'), p.delivered, 'bigint')}
        then '{"status":"delivered"}' else '{"status":"sent"}' end`,
      created_at: sql`cast(${p.now} as bigint)`,
    }
    const values = Object.values(row).map((value) => sql`${value}`)
    return builder
      .insertInto('events')
      .columns(Object.keys(row) as (keyof Tables['events'])[])
      .expression(
        sql`select ${sql.join(values)} from messages m, conversations c, contacts p, accounts a
          where m.account_id = ${p.account_id} and m.conversation_id = ${p.conversation_id}
            and ${isIn(sql.ref('m.id'), p.ids, 'bigint')}
            and c.account_id = m.account_id and c.id = m.conversation_id
            and p.account_id = c.account_id and p.id = c.contact_id and a.id = m.account_id
          order by m.id` as never,
      )
  },
)

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
