import type { Queries } from '../db/database.ts'
import type { LoggedEvent } from '../events/read.ts'
import { advanceOrder } from './delivery.store.ts'
import type { TargetKey } from './keys.ts'
import {
  type DueDelivery,
  finishDeliveries,
  insertAttempts,
  selectDue,
  startAttempts,
} from './queue.store.ts'
import type { ScheduledSender, Senders } from './senders.ts'
import type { Slots } from './slots.ts'
import { deleteTarget, selectDueTargets, type TargetRow, updateNextDue } from './target.store.ts'

/** An attempt that this node has to make now. */
export interface Attempt {
  by: ScheduledSender
  accountId: number
  targetId: number
  /** Counted from 1. */
  number: number
  event: LoggedEvent
  settings: unknown
  /** The name under which this node has claimed it. */
  node: number | null
  /** Milliseconds since 1970. After this time another node may make the attempt. */
  leaseEnd: number
}

// A receiver that does not respond occupies a slot for the whole timeout.
const slotsOfFailingTarget = 2

/** The attempts that a node has claimed, each with a slot. */
export interface Claim {
  attempts: Attempt[]
  /** Whether more deliveries are due than there were slots. */
  isShort: boolean
}

interface Claimer {
  senders: Senders
  slots: Slots
  node: number | null
  now: number
}

/**
 * Claims due deliveries of an account: each belongs to this node until its lease ends. It runs in a transaction of
 * the account, whose lock keeps two nodes from claiming the same delivery. Fills `claim` as it goes, because slots
 * are taken at once and the caller must return them if the transaction fails.
 */
export async function claimDeliveries(
  tx: Queries,
  accountId: number,
  claimer: Claimer,
  claim: Claim,
): Promise<void> {
  const { senders, slots, now } = claimer
  for (const target of await selectDueTargets(tx, { account_id: accountId, now })) {
    const by = senders.get(target.sender)
    // A node of another version has this sender.
    if (!by) continue
    const name = slotName(accountId, target.id)
    const most = target.failing_since === null ? undefined : slotsOfFailingTarget
    const { count, isShort } = slots.take(name, most)
    if (isShort) claim.isShort = true
    if (count === 0) continue
    const before = claim.attempts.length
    try {
      await claimOfTarget(tx, target, by, count, claimer, claim)
    } finally {
      slots.give(name, count - (claim.attempts.length - before))
    }
  }
}

/** Returns the name of a target among the slots. */
export function slotName(accountId: number, targetId: number): string {
  return `${accountId} ${targetId}`
}

async function claimOfTarget(
  tx: Queries,
  target: TargetRow,
  by: ScheduledSender,
  limit: number,
  { now, node }: Claimer,
  claim: Claim,
): Promise<void> {
  const { account_id: accountId, id: targetId } = target
  const key = { account_id: accountId, target_id: targetId }
  const settings = await by.sender.settings(tx, accountId, targetId)
  if (settings === undefined) return deleteTarget(tx, key)
  const due = await selectDue(tx, { ...key, now, only_forced: target.active === 1 ? 0 : 1, limit })
  const leaseEnd = now + by.schedule.lease
  const positions = due.map(({ position }) => position)
  await startAttempts(tx, key, positions, node, leaseEnd)
  for (const { event, tries, ...rest } of due) {
    if (event === null) await failWithoutEvent(tx, key, { tries, ...rest }, now)
    else claim.attempts.push({ by, accountId, targetId, number: tries + 1, event, settings, node, leaseEnd })
  }
  await updateNextDue(tx, key)
}

/** Fails a delivery whose event is no longer in the log: there is nothing to send. */
async function failWithoutEvent(
  tx: Queries,
  key: TargetKey,
  { position, tries, order_key }: Omit<DueDelivery, 'event'>,
  now: number,
) {
  const attempt = { number: tries + 1, at: now, duration_ms: 0, code: null, error: 'gone', answer: '' }
  await finishDeliveries(tx, key, [position], 'failed', now)
  await insertAttempts(tx, [{ ...key, position, ...attempt }])
  await advanceOrder(tx, key, [order_key], now)
}
