import type { Queries } from '../db/database.ts'
import { notFound, Refusal } from '../lib/errors.ts'
import {
  type DeliveryFilter,
  findDelivery,
  forceDelivery,
  type RecordedDelivery,
  selectDeliveries,
} from './delivery.store.ts'
import type { DeliveryKey, TargetKey } from './keys.ts'
import { advanceOrders } from './order.ts'
import { updateNextDue } from './target.store.ts'

/** Returns a page of a target's deliveries, newest first, and the cursor of the next page. */
export async function listDeliveries(
  queries: Queries,
  key: TargetKey,
  filter: DeliveryFilter,
): Promise<{ deliveries: RecordedDelivery[]; before_id: number | null }> {
  const rows = await selectDeliveries(queries, key, { ...filter, limit: filter.limit + 1 })
  const deliveries = rows.slice(0, filter.limit)
  return { deliveries, before_id: rows.length > filter.limit ? deliveries.at(-1)!.position : null }
}

/**
 * Makes a delivery due at once, regardless of its order, in a transaction of the account. If the target is switched off,
 * it is attempted once. Throws `not_found`, and `conflict` while it is running.
 */
export async function redeliver(tx: Queries, key: DeliveryKey, now: number): Promise<RecordedDelivery> {
  const before = await findDelivery(tx, key)
  if (!before) throw notFound('delivery')
  if (before.state === 'running') {
    throw new Refusal('conflict', 'this delivery is being sent: wait until it has finished')
  }
  await forceDelivery(tx, key, now)
  await advanceOrders(tx, key.account_id, [before], now)
  await updateNextDue(tx, key.account_id, [key.target_id])
  return (await findDelivery(tx, key))!
}
