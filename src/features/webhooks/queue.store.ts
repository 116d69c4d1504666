import { sql } from 'kysely'
import type { Queries } from '../../db/database.ts'
import { limitOf, prepare } from '../../db/prepare.ts'
import type { Tables } from '../../db/tables.ts'
import type { DeliveryKey } from './delivery.store.ts'
import { updateNextDue } from './store.ts'

type WebhookKey = Omit<DeliveryKey, 'position'>

export const selectDueWebhooks = prepare<{ account_id: number; now: number }>()((builder, p) =>
  builder
    .selectFrom('webhooks')
    .selectAll()
    .where('account_id', '=', p.account_id)
    .where('due_at', 'is not', null)
    .where('due_at', '<=', p.now)
    .orderBy('due_at'),
)

/** A delivery that is due. `data` is the current text of its event, null if the event is no longer in the log. */
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

/** Returns the webhook's due deliveries: pending ones, and running ones whose lease has ended. */
export async function selectDue(tx: Queries, query: DueQuery): Promise<DueDelivery[]> {
  return (await dueOf(tx, query)) as DueDelivery[]
}

/** Marks deliveries as running until the lease ends, and counts the attempt. */
export async function startAttempts(
  tx: Queries,
  { account_id, webhook_id }: WebhookKey,
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

/** Returns the state of those of these deliveries that are running, by position. */
export async function selectRunning(
  tx: Queries,
  { account_id, webhook_id }: WebhookKey,
  positions: number[],
) {
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

/** Finishes deliveries: they are no longer due, and others no longer wait for them. */
export async function finishDeliveries(
  tx: Queries,
  { account_id, webhook_id }: WebhookKey,
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

/** Schedules the next attempt of a delivery for `due_at`. `step` is the number of delays that it has used. */
export const retryLater = prepare<DeliveryKey & { step: number; due_at: number }>()((builder, p) =>
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

/** Makes all running deliveries due at once. Only for the start of the single process on a database. */
export async function endAllLeases(tx: Queries, now: number): Promise<void> {
  const rows = await tx.sql
    .updateTable('webhook_deliveries')
    .set({ due_at: now })
    .where('due_at', 'is not', null)
    .where('state', '=', 'running')
    .returning(['account_id', 'webhook_id'])
    .execute()
  const webhooks = new Map(rows.map((row) => [`${row.account_id} ${row.webhook_id}`, row]))
  for (const { account_id, webhook_id } of webhooks.values()) await updateNextDue(tx, account_id, webhook_id)
}

const rowsPerStep = 500

/**
 * Deletes some deliveries and attempts from before `before`, in milliseconds, and returns how many. Unfinished
 * deliveries of active webhooks stay.
 */
export async function pruneStep(tx: Queries, before: number): Promise<number> {
  const attempts = tx.sql
    .selectFrom('webhook_attempts')
    .select(['account_id', 'webhook_id', 'position', 'number'])
    .where('at', '<', before)
    .orderBy('at')
    .limit(rowsPerStep)
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
    .limit(rowsPerStep)
  const deleteAttempts = sql`delete from webhook_attempts where (account_id, webhook_id, position, number) in (${attempts})`
  const deleteDeliveries = sql`delete from webhook_deliveries where (account_id, webhook_id, position) in (${deliveries})`
  const results = [await deleteAttempts.execute(tx.sql), await deleteDeliveries.execute(tx.sql)]
  return results.reduce((sum, { numAffectedRows = 0n }) => sum + Number(numAffectedRows), 0)
}
