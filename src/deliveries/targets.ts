import type { Queries } from '../db/database.ts'
import { nextId } from '../db/ids.ts'
import { startFollowing } from '../events/cursors.ts'
import { logBounds } from '../events/read.ts'
import { advanceAllOrders } from './delivery.store.ts'
import { followerName } from './dispatch.ts'
import type { TargetKey } from './keys.ts'
import {
  deleteTarget,
  findTarget,
  insertTarget,
  selectActiveTargets,
  updateNextDue,
  updateTarget,
} from './target.store.ts'

/*
 * What features do with their targets, each in a transaction of the account.
 */

/** Creates a target of a sender, which gets the events that happen from now on, and returns its id. */
export async function createTarget(tx: Queries, accountId: number, sender: string): Promise<number> {
  const id = await nextId(tx, accountId, 'delivery_targets')
  await insertTarget(tx, { account_id: accountId, id, sender, since: await newest(tx, accountId) })
  await startFollowing(tx, accountId, followerName)
  return id
}

/** The target of a sender that has one for an account at most; undefined if there is none, or if it is switched off. */
export async function findTargetOf(
  queries: Queries,
  accountId: number,
  sender: string,
): Promise<number | undefined> {
  const targets = await selectActiveTargets(queries, { account_id: accountId })
  return targets.find((target) => target.sender === sender)?.id
}

/** Deletes a target. Its pending deliveries are not sent. */
export function removeTarget(tx: Queries, key: TargetKey): Promise<void> {
  return deleteTarget(tx, key)
}

/** Switches a target off: it gets no events, and its pending deliveries wait. */
export async function switchOff(tx: Queries, key: TargetKey): Promise<void> {
  await updateTarget(tx, key, { active: 0 })
  await updateNextDue(tx, key.account_id, [key.target_id])
}

/**
 * Switches a target on again, if it is off. Pending deliveries continue, and it gets the events that happen from now on.
 */
export async function switchOn(tx: Queries, key: TargetKey, now: number): Promise<void> {
  const target = await findTarget(tx, key)
  if (target?.active !== 0) return
  const since = await newest(tx, key.account_id)
  await updateTarget(tx, key, { active: 1, since, failing_since: null, disabled_reason: null })
  await startFollowing(tx, key.account_id, followerName)
  await advanceAllOrders(tx, key, now)
  await updateNextDue(tx, key.account_id, [key.target_id])
}

/** Forgets the failures so far, because the target leads to somewhere else now. */
export function forgetFailures(tx: Queries, key: TargetKey): Promise<void> {
  return updateTarget(tx, key, { failing_since: null })
}

async function newest(tx: Queries, accountId: number): Promise<number> {
  return (await logBounds(tx, accountId)).newest
}
