import type { Queries } from '../db/database.ts'
import type { Attempt } from './claim.ts'
import { advanceOrder } from './delivery.store.ts'
import type { TargetKey } from './keys.ts'
import { finishDeliveries, insertAttempts, retryLater, selectRunning } from './queue.store.ts'
import type { Delivery, FinalOutcome, Outcome } from './sender.ts'
import { selectHealth, updateNextDue, updateTarget } from './target.store.ts'

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

/**
 * Records attempts of one account, in a transaction of the account: the attempts themselves, the new states of their
 * deliveries and of those that wait for them, and whether a target is switched off. Ignores attempts whose delivery
 * another node has claimed in the meantime.
 */
export async function recordAttempts(tx: Queries, results: AttemptResult[], options: Options): Promise<void> {
  const byTarget = Map.groupBy(results, ({ attempt: { targetId } }) => targetId)
  for (const [target_id, own] of byTarget) {
    const key = { account_id: own[0]!.attempt.accountId, target_id }
    const isActive = await recordHealth(tx, key, own, options.now)
    await recordResults(tx, key, own, isActive, options)
    await updateNextDue(tx, key)
  }
}

async function recordResults(
  tx: Queries,
  key: TargetKey,
  results: AttemptResult[],
  isActive: boolean,
  { now, notify }: Options,
): Promise<void> {
  const positions = results.map(({ delivery }) => delivery.event.position)
  const running = await selectRunning(tx, key, positions)
  const current = results.flatMap((result) => {
    const row = running.get(result.delivery.event.position)
    return row?.tries === result.attempt.number ? [{ ...result, row }] : []
  })
  const finished = { sent: [] as number[], failed: [] as number[] }
  const orderKeys: (number | null)[] = []
  const notices: (() => Promise<void> | undefined)[] = []
  for (const { attempt, delivery, outcome, row } of current) {
    const { position, step } = row
    if (outcome.state === 'early') {
      await retryLater(tx, { ...key, position, step, due_at: now + outcome.after })
      continue
    }
    const { sender, schedule } = attempt.by
    // A redelivery to a target that is switched off is attempted only once.
    const delay = isActive || row.forced === 0 ? schedule.delays[step] : undefined
    if (outcome.state === 'retry' && delay !== undefined) {
      const wait = Math.max(withJitter(delay, schedule.jitter), outcome.after ?? 0)
      await retryLater(tx, { ...key, position, step: step + 1, due_at: now + wait })
      continue
    }
    const last = finalOutcome(outcome)
    finished[last.state].push(position)
    orderKeys.push(row.order_key)
    notices.push(() => sender.finished?.(tx, delivery, last))
  }
  await finishDeliveries(tx, key, finished.sent, 'succeeded', now)
  await finishDeliveries(tx, key, finished.failed, 'failed', now)
  await insertAttempts(
    tx,
    current.flatMap((result) => attemptRow(key, result) ?? []),
  )
  await advanceOrder(tx, key, orderKeys, now)
  if (notify) for (const notice of notices) await notice()
}

function finalOutcome(outcome: Exclude<Outcome, { state: 'early' }>): FinalOutcome {
  return outcome.state === 'retry' ? { ...outcome, state: 'failed' } : outcome
}

function attemptRow(key: TargetKey, { attempt: { number }, delivery, outcome, durationMs }: AttemptResult) {
  if (outcome.state === 'early') return undefined
  const { code = null, answer = '' } = outcome
  const error = outcome.state === 'sent' ? null : outcome.reason
  const { event, at } = delivery
  return { ...key, position: event.position, number, at, duration_ms: durationMs, code, error, answer }
}

function withJitter(delay: number, jitter: number): number {
  return Math.round(delay * (1 + jitter * (2 * Math.random() - 1)))
}

/** Returns whether the target is still active. A single success ends the time of failure. */
async function recordHealth(
  tx: Queries,
  key: TargetKey,
  results: AttemptResult[],
  now: number,
): Promise<boolean> {
  const [health] = await selectHealth(tx, key)
  if (!health) return false
  const isActive = health.active === 1
  if (results.some(({ outcome }) => outcome.state === 'sent')) {
    if (health.failing_since !== null) await updateTarget(tx, key, { failing_since: null })
    return isActive
  }
  const failures = results.filter(({ outcome }) => outcome.state === 'retry')
  const last = failures.at(-1)
  if (!last) return isActive
  const { disableAfter } = last.attempt.by.schedule
  const failing_since = health.failing_since ?? Math.min(...failures.map(({ delivery }) => delivery.at))
  const isDisabled = isActive && now - failing_since >= disableAfter
  if (health.failing_since === failing_since && !isDisabled) return isActive
  await updateTarget(tx, key, {
    failing_since,
    ...(isDisabled ? { active: 0, disabled_reason: disabledReason(disableAfter, last.outcome) } : {}),
  })
  return isActive && !isDisabled
}

function disabledReason(disableAfter: number, { code, ...outcome }: Outcome): string {
  const days = Math.round(disableAfter / 86_400_000)
  const reason = outcome.state === 'retry' ? outcome.reason : ''
  // A status that is the reason says more than the word for it.
  const last = code && (code < 200 || code > 299) ? code : reason
  return `Every delivery has failed for ${days} days, the last one with "${last}".`
}
