import { type Insertable, sql } from 'kysely'
import type { Queries } from '../../db/database.ts'
import { limitOf, prepare } from '../../db/prepare.ts'
import type { Tables } from '../../db/tables.ts'

/** The accounts that have something to do, by id. */
export interface Work {
  /** Accounts with events that are not dispatched yet. */
  withNewEvents: number[]
  /** Accounts with due deliveries. */
  withDue: number[]
  /** When the next delivery of any account is due, in milliseconds since 1970; null if none is planned. */
  nextDue: number | null
}

const accountsWithNewEvents = prepare()((builder) =>
  builder
    .selectFrom('webhooks as w')
    .innerJoin('counters as n', (join) =>
      join.onRef('n.account_id', '=', 'w.account_id').on('n.name', '=', sql.lit('events')),
    )
    .leftJoin('webhook_cursors as c', 'c.account_id', 'w.account_id')
    .select('w.account_id')
    .distinct()
    .where('w.active', '=', sql.lit(1))
    .whereRef('n.value', '>', 'w.since')
    .where(sql<boolean>`n.value > coalesce(c.position, 0)`),
)

const accountsWithDue = prepare<{ now: number }>()((builder, p) =>
  builder
    .selectFrom('webhooks')
    .select('account_id')
    .distinct()
    .where('due_at', 'is not', null)
    .where('due_at', '<=', p.now),
)

const nextDueTime = prepare<{ now: number }>()((builder, p) =>
  builder
    .selectFrom('webhooks')
    .select('due_at')
    .where('due_at', 'is not', null)
    .where('due_at', '>', p.now)
    .orderBy('due_at')
    .limit(limitOf(1)),
)

/** Finds out which accounts have something to do at `now`, in milliseconds. */
export async function findWork(queries: Queries, now: number): Promise<Work> {
  const [withNewEvents, withDue, next] = await Promise.all([
    accountsWithNewEvents(queries, {}),
    accountsWithDue(queries, { now }),
    nextDueTime(queries, { now }),
  ])
  const ids = (rows: { account_id: number }[]) => rows.map(({ account_id }) => account_id)
  return { withNewEvents: ids(withNewEvents), withDue: ids(withDue), nextDue: next[0]?.due_at ?? null }
}

/** The columns of an active webhook that decide which events it gets. */
export type ActiveWebhook = Pick<Tables['webhooks'], 'id' | 'inbox_id' | 'subscriptions' | 'since'>

export const selectActiveWebhooks = prepare<{ account_id: number }>()((builder, p) =>
  builder
    .selectFrom('webhooks')
    .select(['id', 'inbox_id', 'subscriptions', 'since'])
    .where('account_id', '=', p.account_id)
    .where('active', '=', sql.lit(1)),
)

export const selectCursor = prepare<{ account_id: number }>()((builder, p) =>
  builder.selectFrom('webhook_cursors').select('position').where('account_id', '=', p.account_id),
)

/** An event without its content. */
export type NewEvent = Pick<Tables['events'], 'name' | 'audience' | 'conversation_id' | 'inbox_id'> & {
  position: number
}

const eventsAfter = prepare<{ account_id: number; position: number; limit: number }>()((builder, p) =>
  builder
    .selectFrom('events')
    .select(['position', 'name', 'audience', 'conversation_id', 'inbox_id'])
    .where('account_id', '=', p.account_id)
    .where('position', '>', p.position)
    .orderBy('position')
    .limit(limitOf(p.limit)),
)

/** Returns the next events after a position of the account's log, at most `limit`. */
export async function selectNewEvents(
  queries: Queries,
  cursor: { account_id: number; position: number },
  limit: number,
): Promise<NewEvent[]> {
  return (await eventsAfter(queries, { ...cursor, limit })) as NewEvent[]
}

export const moveCursor = prepare<{ account_id: number; position: number }>()((builder, p) =>
  builder
    .insertInto('webhook_cursors')
    .values({ account_id: p.account_id, position: p.position })
    .onConflict((conflict) =>
      conflict.column('account_id').doUpdateSet((set) => ({ position: set.ref('excluded.position') })),
    ),
)

/**
 * A new delivery. `first` is false if it waits for another one of the same webhook and conversation in the same call.
 */
export type NewDelivery = Pick<
  Tables['webhook_deliveries'],
  'webhook_id' | 'position' | 'event' | 'conversation_id'
> & { first: boolean }

const rowsPerStatement = 100

/** Stores deliveries: due at once, or waiting if an earlier one of the same webhook and conversation is unfinished. */
export async function insertDeliveries(
  tx: Queries,
  accountId: number,
  deliveries: NewDelivery[],
  now: number,
): Promise<void> {
  for (let start = 0; start < deliveries.length; start += rowsPerStatement) {
    const rows = deliveries
      .slice(start, start + rowsPerStatement)
      .map(({ first, ...row }): Insertable<Tables['webhook_deliveries']> => {
        const due_at = first ? dueUnlessWaiting(accountId, row, now) : null
        return {
          ...row,
          account_id: accountId,
          open_in: row.conversation_id,
          state: 'pending',
          forced: 0,
          tries: 0,
          step: 0,
          due_at: due_at as never,
          created_at: now,
        }
      })
    await tx.sql
      .insertInto('webhook_deliveries')
      .values(rows)
      .onConflict((conflict) => conflict.doNothing())
      .execute()
  }
}

function dueUnlessWaiting(accountId: number, row: Omit<NewDelivery, 'first'>, now: number) {
  if (row.conversation_id === null) return now
  return sql`(select cast(${now} as bigint) where not exists (
    select 1 from webhook_deliveries d where d.account_id = ${accountId} and d.webhook_id = ${row.webhook_id}
      and d.open_in = ${row.conversation_id}))`
}
