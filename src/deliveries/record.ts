import type { Queries } from '../db/database.ts'
import type { Attempt } from './claim.ts'
import type { AttemptRow, DeliveryRow } from './delivery.store.ts'
import { advanceOrders } from './order.ts'
import { insertAttempts, selectRunning, updateDeliveries } from './queue.store.ts'
import type { Delivery, FinalOutcome, Outcome } from './sender.ts'
import { attemptOf, finished, postponed } from './states.ts'
import { type TargetRow, updateTarget } from './target.store.ts'

/** An attempt that has ended, and its outcome. */
export interface AttemptResult {
  attempt: Attempt
  delivery: Delivery
  outcome: Outcome
  durationMs: number
}

interface Options {
  now: number
  /** Whether to call `Sender.finished`. */
  notify: boolean
}

/** A result, and the delivery that it is about, as it was while it was running. */
type Current = AttemptResult & { row: DeliveryRow }

/**
 * Records attempts of one account, in a transaction of the account: the attempts themselves, the new states of their
 * deliveries and of those that wait for them, and whether a target is switched off, also in `targets`. Ignores attempts
 * whose delivery another node has claimed in the meantime.
 */
export async function recordAttempts(
  tx: Queries,
  accountId: number,
  targets: readonly TargetRow[],
  results: readonly AttemptResult[],
  { now, notify }: Options,
): Promise<void> {
  if (results.length === 0) return
  await recordHealth(tx, targets, results, now)
  const active = new Set(targets.filter((target) => target.active === 1).map(({ id }) => id))
  const current = await selectCurrent(tx, accountId, results)
  const changed = current.map((one) => nextState(one, active.has(one.row.target_id), now))
  await updateDeliveries(tx, changed)
  await insertAttempts(
    tx,
    current.flatMap((one) => attemptRow(one) ?? []),
  )
  const ended = current.filter((_, index) => changed[index]!.finished_at !== null)
  await advanceOrders(
    tx,
    accountId,
    ended.map(({ row }) => row),
    now,
  )
  if (!notify) return
  for (const { attempt, delivery, outcome } of ended) {
    await attempt.by.sender.finished?.(tx, delivery, finalOutcome(outcome))
  }
}

async function selectCurrent(
  tx: Queries,
  accountId: number,
  results: readonly AttemptResult[],
): Promise<Current[]> {
  const name = (targetId: number, position: number) => `${targetId} ${position}`
  const keys = results.map(({ attempt }) => ({
    target_id: attempt.targetId,
    position: attempt.event.position,
  }))
  const rows = await selectRunning(tx, accountId, keys)
  const byName = new Map(rows.map((row) => [name(row.target_id, row.position), row]))
  return results.flatMap((result) => {
    const { targetId, event, number } = result.attempt
    const row = byName.get(name(targetId, event.position))
    return row?.tries === number ? [{ ...result, row }] : []
  })
}

/** Returns the delivery as it is after an attempt. */
function nextState({ attempt, outcome, row }: Current, isActive: boolean, now: number): DeliveryRow {
  if (outcome.state === 'early') return postponed(row, row.step, now + outcome.after)
  if (outcome.state !== 'retry') return finished(row, outcome.state === 'sent' ? 'succeeded' : 'failed', now)
  const { delays, jitter } = attempt.by.schedule
  // A redelivery to a target that is switched off is attempted only once.
  const delay = isActive || row.forced === 0 ? delays[row.step] : undefined
  if (delay === undefined) return finished(row, 'failed', now)
  const wait = Math.max(withJitter(delay, jitter), outcome.after ?? 0)
  return postponed(row, row.step + 1, now + wait)
}

/** Returns how a delivery has ended. */
function finalOutcome(outcome: Outcome): FinalOutcome {
  return outcome.state === 'retry' ? { ...outcome, state: 'failed' } : (outcome as FinalOutcome)
}

function attemptRow({
  attempt: { number },
  delivery: { at },
  outcome,
  durationMs,
  row,
}: Current): AttemptRow | undefined {
  if (outcome.state === 'early') return undefined
  const { code = null, answer = '' } = outcome
  const error = outcome.state === 'sent' ? null : storable(outcome.reason)
  return attemptOf(row, { number, at, duration_ms: durationMs, code, error, answer: storable(answer) })
}

/**
 * PostgreSQL refuses half of a character, and U+0000: then the attempt could never be recorded, and would be made
 * again.
 */
function storable(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\ufffd')
}

function withJitter(delay: number, jitter: number): number {
  return Math.round(delay * (1 + jitter * (2 * Math.random() - 1)))
}

async function recordHealth(
  tx: Queries,
  targets: readonly TargetRow[],
  results: readonly AttemptResult[],
  now: number,
): Promise<void> {
  const byTarget = Map.groupBy(results, ({ attempt }) => attempt.targetId)
  for (const target of targets) {
    const change = changeOfHealth(target, byTarget.get(target.id) ?? [], now)
    if (!change) continue
    Object.assign(target, change)
    await updateTarget(tx, { account_id: target.account_id, target_id: target.id }, change)
  }
}

/** Returns what results change about a target. A single success ends the time of failure. */
function changeOfHealth(
  target: TargetRow,
  results: readonly AttemptResult[],
  now: number,
): Partial<TargetRow> | undefined {
  if (results.some(({ outcome }) => outcome.state === 'sent')) {
    return target.failing_since === null ? undefined : { failing_since: null }
  }
  const failures = results.filter(({ outcome }) => outcome.state === 'retry')
  const last = failures.at(-1)
  if (!last) return undefined
  const { disableAfter } = last.attempt.by.schedule
  const failing_since = target.failing_since ?? Math.min(...failures.map(({ delivery }) => delivery.at))
  if (target.active === 1 && now - failing_since >= disableAfter) {
    return { failing_since, active: 0, disabled_reason: disabledReason(disableAfter, last.outcome) }
  }
  return target.failing_since === failing_since ? undefined : { failing_since }
}

function disabledReason(disableAfter: number, { code, ...outcome }: Outcome): string {
  const days = Math.round(disableAfter / 86_400_000)
  const reason = outcome.state === 'retry' ? outcome.reason : ''
  // A status that is the reason says more than the word for it.
  const last = code && (code < 200 || code > 299) ? code : reason
  return `Every delivery has failed for ${days} days, the last one with "${last}".`
}
