import type { AttemptRow, DeliveryRow } from './delivery.store.ts'

/*
 * The changes of a delivery between two rounds. Store the rows with `updateDeliveries`.
 */

/** A delivery whose next attempt runs on `node` until its lease ends. */
export function started(row: DeliveryRow, node: number | null, leaseEnd: number): DeliveryRow {
  return { ...row, state: 'running', tries: row.tries + 1, due_at: leaseEnd, node }
}

/** A delivery whose next attempt is due at `due_at`. `step` is the number of delays that it has used. */
export function postponed(row: DeliveryRow, step: number, due_at: number): DeliveryRow {
  return { ...row, state: 'pending', step, due_at, node: null }
}

/** A delivery that is no longer due, and that others no longer wait for. */
export function finished(row: DeliveryRow, state: 'succeeded' | 'failed', now: number): DeliveryRow {
  return { ...row, state, due_at: null, finished_at: now, order_key: null, node: null }
}

/** An attempt of a delivery. */
export function attemptOf(
  { account_id, target_id, position }: DeliveryRow,
  attempt: Omit<AttemptRow, 'account_id' | 'target_id' | 'position'>,
): AttemptRow {
  return { account_id, target_id, position, ...attempt }
}
