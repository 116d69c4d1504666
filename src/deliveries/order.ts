import type { Queries } from '../db/database.ts'
import type { DeliveryRow } from './delivery.store.ts'
import { type Order, selectFirst, updateDeliveries } from './queue.store.ts'

/** The order of a delivery; `order_key` is null if it waits for no other. */
export type OrderOf = Pick<DeliveryRow, 'target_id' | 'order_key'>

/** Returns the first unfinished deliveries of the orders of some deliveries. */
export function firstInOrder(
  tx: Queries,
  accountId: number,
  deliveries: readonly OrderOf[],
): Promise<DeliveryRow[]> {
  const orders = new Map<string, Order>()
  for (const { target_id, order_key } of deliveries) {
    if (order_key !== null) orders.set(orderName({ target_id, order_key }), { target_id, order_key })
  }
  return selectFirst(tx, accountId, [...orders.values()])
}

/** Names the order of a delivery. */
export function orderName({ target_id, order_key }: OrderOf): string {
  return `${target_id} ${order_key}`
}

/** Makes the deliveries due that were waiting for these, which no longer have their order. */
export async function advanceOrders(
  tx: Queries,
  accountId: number,
  finished: readonly OrderOf[],
  now: number,
): Promise<void> {
  const first = await firstInOrder(tx, accountId, finished)
  const waiting = first.filter(({ due_at }) => due_at === null)
  await updateDeliveries(
    tx,
    waiting.map((row) => ({ ...row, due_at: now })),
  )
}
