import type { Queries } from '../db/database.ts'
import { type LoggedEvent, readEventsAt } from '../events/read.ts'
import type { DeliveryRow } from './delivery.store.ts'
import { advanceOrders } from './order.ts'
import { insertAttempts, selectDue, updateDeliveries } from './queue.store.ts'
import type { ScheduledSender, Senders } from './senders.ts'
import type { Slots } from './slots.ts'
import { attemptOf, finished, started } from './states.ts'
import { deleteTarget, type TargetRow } from './target.store.ts'

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
 * Claims due deliveries of these targets of an account: each belongs to this node until its lease ends. It runs in a
 * transaction of the account, whose lock keeps two nodes from claiming the same delivery. Adds to `claim` what has a
 * slot, so that the caller can return the slots if the transaction fails. Returns the ids of all examined targets: the
 * `due_at` of one without due deliveries is wrong, and each poll would find it again.
 */
export async function claimDeliveries(
  tx: Queries,
  accountId: number,
  targets: readonly TargetRow[],
  claimer: Claimer,
  claim: Claim,
): Promise<number[]> {
  const { senders, slots, now } = claimer
  const limits = targets.flatMap(({ id, sender, active, failing_since }) => {
    const limit = slots.room(slotName(accountId, id), mostSlots(failing_since))
    // A node of another version has a sender that is missing here.
    if (limit === 0 || !senders.has(sender)) return []
    return [{ target_id: id, only_forced: active === 1 ? 0 : 1, limit }]
  })
  // No more targets than there are slots, because each gets at least one.
  const some = limits.slice(0, slots.free)
  if (some.length < limits.length) claim.isShort = true
  const due = Map.groupBy(await selectDue(tx, accountId, now, some), ({ target_id }) => target_id)
  const receivers = await receiversOf(
    tx,
    targets.filter(({ id }) => due.has(id)),
    senders,
  )
  const rows = receivers.flatMap(({ target }) => due.get(target.id)!)
  const events = await readEventsAt(tx, accountId, new Set(rows.map(({ position }) => position)))
  // From here on nothing waits until the slots are taken, so each target gets as many as it needs.
  const running = receivers.flatMap((receiver) => {
    const sendable = due.get(receiver.target.id)!.filter(({ position }) => events.has(position))
    return startAttempts(receiver, sendable, events, claimer, claim)
  })
  await updateDeliveries(tx, running)
  const lost = rows.filter(({ position }) => !events.has(position))
  await failWithoutEvent(tx, accountId, lost, now)
  return some.map(({ target_id }) => target_id)
}

/** Returns the name of a target among the slots. */
export function slotName(accountId: number, targetId: number): string {
  return `${accountId} ${targetId}`
}

function mostSlots(failingSince: number | null): number | undefined {
  return failingSince === null ? undefined : slotsOfFailingTarget
}

/** A target, and what is needed to send to it. */
interface Receiver {
  target: TargetRow
  by: ScheduledSender
  settings: unknown
}

/** Reads the settings of targets. Deletes the targets that no longer exist for their sender. */
async function receiversOf(
  tx: Queries,
  targets: readonly TargetRow[],
  senders: Senders,
): Promise<Receiver[]> {
  const receivers: Receiver[] = []
  for (const [name, own] of Map.groupBy(targets, ({ sender }) => sender)) {
    const by = senders.get(name)!
    const ids = own.map(({ id }) => id)
    const settings = await by.sender.settings?.(tx, own[0]!.account_id, ids)
    for (const target of own) {
      const { account_id, id } = target
      if (settings?.has(id) === false) await deleteTarget(tx, { account_id, target_id: id })
      else receivers.push({ target, by, settings: settings?.get(id) })
    }
  }
  return receivers
}

/** Takes slots for as many of a target's deliveries as possible. Returns their rows, which are not stored yet. */
function startAttempts(
  { target, by, settings }: Receiver,
  rows: DeliveryRow[],
  events: ReadonlyMap<number, LoggedEvent>,
  { slots, node, now }: Claimer,
  claim: Claim,
): DeliveryRow[] {
  const { account_id: accountId, id: targetId, failing_since } = target
  const { count, isShort } = slots.take(slotName(accountId, targetId), mostSlots(failing_since), rows.length)
  if (isShort) claim.isShort = true
  const leaseEnd = now + by.schedule.lease
  return rows.slice(0, count).map((row) => {
    const event = events.get(row.position)!
    claim.attempts.push({ by, accountId, targetId, number: row.tries + 1, event, settings, node, leaseEnd })
    return started(row, node, leaseEnd)
  })
}

/** Fails deliveries whose events are no longer in the log: there is nothing to send. */
async function failWithoutEvent(
  tx: Queries,
  accountId: number,
  rows: readonly DeliveryRow[],
  now: number,
): Promise<void> {
  const attempt = { at: now, duration_ms: 0, code: null, error: 'gone', answer: '' }
  await updateDeliveries(
    tx,
    rows.map((row) => finished({ ...row, tries: row.tries + 1 }, 'failed', now)),
  )
  await insertAttempts(
    tx,
    rows.map((row) => attemptOf(row, { number: row.tries + 1, ...attempt })),
  )
  await advanceOrders(tx, accountId, rows, now)
}
