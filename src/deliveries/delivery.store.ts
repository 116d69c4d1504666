import type { Queries } from '../db/database.ts'
import type { Tables } from '../db/tables.ts'
import type { DeliveryKey, TargetKey } from './keys.ts'

export type DeliveryRow = Tables['deliveries']
export type AttemptRow = Tables['delivery_attempts']

/** A delivery with its attempts, oldest first. */
export type RecordedDelivery = DeliveryRow & { attempts: AttemptRow[] }

/** Which deliveries of a target to return: at most `limit`, older than `before_id`. */
export interface DeliveryFilter {
  limit: number
  before_id?: number | undefined
  state?: DeliveryRow['state'] | undefined
}

export async function selectDeliveries(
  queries: Queries,
  { account_id, target_id }: TargetKey,
  { limit, before_id, state }: DeliveryFilter,
): Promise<RecordedDelivery[]> {
  let query = queries.sql
    .selectFrom('deliveries')
    .selectAll()
    .where('account_id', '=', account_id)
    .where('target_id', '=', target_id)
  if (before_id !== undefined) query = query.where('position', '<', before_id)
  if (state !== undefined) query = query.where('state', '=', state)
  return withAttempts(queries, await query.orderBy('position', 'desc').limit(limit).execute())
}

export async function findDelivery(
  queries: Queries,
  key: DeliveryKey,
): Promise<RecordedDelivery | undefined> {
  const row = await queries.sql
    .selectFrom('deliveries')
    .selectAll()
    .where('account_id', '=', key.account_id)
    .where('target_id', '=', key.target_id)
    .where('position', '=', key.position)
    .executeTakeFirst()
  return row && (await withAttempts(queries, [row]))[0]
}

/** Adds their attempts to deliveries of one target. */
async function withAttempts(queries: Queries, rows: DeliveryRow[]): Promise<RecordedDelivery[]> {
  const [first] = rows
  if (!first) return []
  const attempts = await queries.sql
    .selectFrom('delivery_attempts')
    .selectAll()
    .where('account_id', '=', first.account_id)
    .where('target_id', '=', first.target_id)
    .where(
      'position',
      'in',
      rows.map(({ position }) => position),
    )
    .orderBy('number')
    .execute()
  const byPosition = Map.groupBy(attempts, ({ position }) => position)
  return rows.map((row) => ({ ...row, attempts: byPosition.get(row.position) ?? [] }))
}

/** Makes a delivery due at once, with the same number of retries as a new one. */
export async function forceDelivery(tx: Queries, key: DeliveryKey, now: number): Promise<void> {
  await tx.sql
    .updateTable('deliveries')
    .set({ state: 'pending', forced: 1, step: 0, due_at: now, order_key: null, finished_at: null })
    .where('account_id', '=', key.account_id)
    .where('target_id', '=', key.target_id)
    .where('position', '=', key.position)
    .execute()
}

/** Makes the first unfinished delivery of each order of a target due if it was waiting for an earlier one. */
export async function advanceAllOrders(
  tx: Queries,
  { account_id, target_id }: TargetKey,
  now: number,
): Promise<void> {
  const first = tx.sql
    .selectFrom('deliveries')
    .select(({ fn }) => fn.min('position').as('position'))
    .where('account_id', '=', account_id)
    .where('target_id', '=', target_id)
    .where('order_key', 'is not', null)
    .groupBy('order_key')
  await tx.sql
    .updateTable('deliveries')
    .set({ due_at: now })
    .where('account_id', '=', account_id)
    .where('target_id', '=', target_id)
    .where('due_at', 'is', null)
    .where('position', 'in', first)
    .execute()
}
