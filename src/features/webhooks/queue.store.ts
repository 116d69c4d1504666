import { sql } from 'kysely'
import type { Queries } from '../../db/database.ts'
import { limitOf, prepare } from '../../db/prepare.ts'
import type { Tables } from '../../db/tables.ts'
import type { Key } from './delivery.store.ts'
import { noteDue } from './store.ts'

/** Where deliveries of one webhook are. */
type Place = Omit<Key, 'position'>

export const selectDueWebhooks = prepare<{ account_id: number; now: number }>()((builder, p) =>
  builder
    .selectFrom('webhooks')
    .selectAll()
    .where('account_id', '=', p.account_id)
    .where('due_at', 'is not', null)
    .where('due_at', '<=', p.now)
    .orderBy('due_at'),
)

/** A delivery that is due, with the event's text as it is now; null where the log keeps it no more. */
export type DueDelivery = Pick<
  Tables['webhook_deliveries'],
  'position' | 'event' | 'conversation_id' | 'tries'
> & { data: string | null }

interface DueQuery {
  account_id: number
  webhook_id: number
  now: number
  only_forced: number
  limit: number
}

const dueOf = prepare<DueQuery>()((builder, p) =>
  builder
    .selectFrom('webhook_deliveries as d')
    .leftJoin('events as e', (join) =>
      join.onRef('e.account_id', '=', 'd.account_id').onRef('e.position', '=', 'd.position'),
    )
    .select(['d.position', 'd.event', 'd.conversation_id', 'd.tries', 'e.data'])
    .where('d.account_id', '=', p.account_id)
    .where('d.webhook_id', '=', p.webhook_id)
    .where('d.due_at', 'is not', null)
    .where('d.due_at', '<=', p.now)
    .where(sql<boolean>`(${p.only_forced} = 0 or d.forced = 1)`)
    .orderBy('d.due_at')
    .orderBy('d.position')
    .limit(limitOf(p.limit)),
)

/** The webhook's deliveries that are due now: pending ones, and running ones whose lease has run out. */
export async function selectDue(tx: Queries, query: DueQuery): Promise<DueDelivery[]> {
  return (await dueOf(tx, query)) as DueDelivery[]
}

/** Marks deliveries as running, on their next try, until the lease ends. */
export async function startTries(
  tx: Queries,
  { account_id, webhook_id }: Place,
  positions: number[],
  leaseEnd: number,
): Promise<void> {
  if (positions.length === 0) return
  await tx.sql
    .updateTable('webhook_deliveries')
    .set((eb) => ({ state: 'running', tries: eb('tries', '+', 1), due_at: leaseEnd }))
    .where('account_id', '=', account_id)
    .where('webhook_id', '=', webhook_id)
    .where('position', 'in', positions)
    .execute()
}

/** What the deliveries that run have behind them, by position. */
export async function selectRunning(tx: Queries, { account_id, webhook_id }: Place, positions: number[]) {
  const rows = await tx.sql
    .selectFrom('webhook_deliveries')
    .select(['position', 'tries', 'forced', 'step', 'conversation_id'])
    .where('account_id', '=', account_id)
    .where('webhook_id', '=', webhook_id)
    .where('position', 'in', positions)
    .where('state', '=', 'running')
    .execute()
  return new Map(rows.map((row) => [row.position, row]))
}

/** Ends deliveries: they are due no more, and hold nothing back. */
export async function finish(
  tx: Queries,
  { account_id, webhook_id }: Place,
  positions: number[],
  state: 'succeeded' | 'failed',
  now: number,
): Promise<void> {
  if (positions.length === 0) return
  await tx.sql
    .updateTable('webhook_deliveries')
    .set({ state, due_at: null, finished_at: now, open_in: null })
    .where('account_id', '=', account_id)
    .where('webhook_id', '=', webhook_id)
    .where('position', 'in', positions)
    .execute()
}

/** Lets a delivery be tried again at `due_at`, after `step` of the delays. */
export const retryLater = prepare<Key & { step: number; due_at: number }>()((builder, p) =>
  builder
    .updateTable('webhook_deliveries')
    .set({ state: sql.lit('pending' as const), step: p.step, due_at: p.due_at })
    .where('account_id', '=', p.account_id)
    .where('webhook_id', '=', p.webhook_id)
    .where('position', '=', p.position),
)

export async function insertAttempts(tx: Queries, rows: Tables['webhook_attempts'][]): Promise<void> {
  if (rows.length > 0) await tx.sql.insertInto('webhook_attempts').values(rows).execute()
}

export const selectHealth = prepare<{ account_id: number; id: number }>()((builder, p) =>
  builder
    .selectFrom('webhooks')
    .select(['active', 'failing_since'])
    .where('account_id', '=', p.account_id)
    .where('id', '=', p.id),
)

/** Lets every delivery that runs be tried at once: of a process that is gone. */
export async function endAllLeases(tx: Queries, now: number): Promise<void> {
  const rows = await tx.sql
    .updateTable('webhook_deliveries')
    .set({ due_at: now })
    .where('due_at', 'is not', null)
    .where('state', '=', 'running')
    .returning(['account_id', 'webhook_id'])
    .execute()
  const webhooks = new Map(rows.map((row) => [`${row.account_id} ${row.webhook_id}`, row]))
  for (const { account_id, webhook_id } of webhooks.values()) await noteDue(tx, account_id, webhook_id)
}

const rowsInAStep = 500

/** Deletes what is older than `before`, a step of it; an unfinished delivery stays where its webhook is active. */
export async function pruneStep(tx: Queries, before: number): Promise<number> {
  const attempts = tx.sql
    .selectFrom('webhook_attempts')
    .select(['account_id', 'webhook_id', 'position', 'number'])
    .where('at', '<', before)
    .orderBy('at')
    .limit(rowsInAStep)
  const deliveries = tx.sql
    .selectFrom('webhook_deliveries as d')
    .leftJoin('webhooks as w', (join) =>
      join.onRef('w.account_id', '=', 'd.account_id').onRef('w.id', '=', 'd.webhook_id'),
    )
    .select(['d.account_id', 'd.webhook_id', 'd.position'])
    .where('d.created_at', '<', before)
    .where((eb) =>
      eb.or([eb('d.finished_at', 'is not', null), eb('w.active', 'is', null), eb('w.active', '=', 0)]),
    )
    .orderBy('d.created_at')
    .limit(rowsInAStep)
  const one = sql`delete from webhook_attempts where (account_id, webhook_id, position, number) in (${attempts})`
  const other = sql`delete from webhook_deliveries where (account_id, webhook_id, position) in (${deliveries})`
  const results = [await one.execute(tx.sql), await other.execute(tx.sql)]
  return results.reduce((sum, { numAffectedRows = 0n }) => sum + Number(numAffectedRows), 0)
}
