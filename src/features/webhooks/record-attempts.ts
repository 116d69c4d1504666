import type { Queries } from '../../db/database.ts'
import type { Outcome } from '../../lib/outgoing.ts'
import type { Attempt } from './claim-deliveries.ts'
import { advanceConversations } from './delivery.store.ts'
import { finishDeliveries, insertAttempts, retryLater, selectHealth, selectRunning } from './queue.store.ts'
import type { Schedule } from './schedule.ts'
import { updateNextDue, updateWebhook } from './store.ts'

/** An attempt that has ended, and its outcome. */
export interface AttemptResult extends Omit<Outcome, 'error'> {
  attempt: Attempt
  /** When it started, in milliseconds since 1970. */
  at: number
  /** `secret` if the secret cannot be decrypted; then nothing was sent. */
  error: Outcome['error'] | 'secret'
}

/**
 * Records attempts to webhooks of one account, in a transaction of the account: the attempts themselves, the new
 * states of their deliveries and of those that wait for them, and whether a webhook is switched off. Ignores attempts
 * whose delivery another node has claimed in the meantime.
 */
export async function recordAttempts(
  tx: Queries,
  results: AttemptResult[],
  schedule: Schedule,
): Promise<void> {
  const byWebhook = Map.groupBy(results, ({ attempt: { webhookId } }) => webhookId)
  for (const [webhookId, own] of byWebhook) {
    const { accountId } = own[0]!.attempt
    const isActive = await recordHealth(tx, accountId, webhookId, own, schedule)
    await recordResults(tx, { account_id: accountId, webhook_id: webhookId }, own, isActive, schedule)
    await updateNextDue(tx, accountId, webhookId)
  }
}

async function recordResults(
  tx: Queries,
  key: { account_id: number; webhook_id: number },
  results: AttemptResult[],
  isActive: boolean,
  { now, delays, jitter }: Schedule,
): Promise<void> {
  const time = now()
  const positions = results.map(({ attempt }) => attempt.position)
  const running = await selectRunning(tx, key, positions)
  const current = results.flatMap((result) => {
    const delivery = running.get(result.attempt.position)
    return delivery?.tries === result.attempt.number ? [{ result, delivery }] : []
  })
  const finished = { succeeded: [] as number[], failed: [] as number[] }
  const conversationIds: (number | null)[] = []
  for (const { result, delivery } of current) {
    const { position, step } = delivery
    // A redelivery to a webhook that is switched off is attempted only once.
    const delay = isActive || delivery.forced === 0 ? delays[step] : undefined
    if (result.error !== null && delay !== undefined) {
      await retryLater(tx, { ...key, position, step: step + 1, due_at: time + withJitter(delay, jitter) })
    } else {
      finished[result.error === null ? 'succeeded' : 'failed'].push(position)
      conversationIds.push(delivery.conversation_id)
    }
  }
  await finishDeliveries(tx, key, finished.succeeded, 'succeeded', time)
  await finishDeliveries(tx, key, finished.failed, 'failed', time)
  await insertAttempts(
    tx,
    current.map(({ result }) => attemptRow(key, result)),
  )
  await advanceConversations(tx, key, conversationIds, time)
}

function attemptRow(key: { account_id: number; webhook_id: number }, result: AttemptResult) {
  const { at, durationMs: duration_ms, code, error, answer } = result
  const { position, number } = result.attempt
  return { ...key, position, number, at, duration_ms, code, error, answer }
}

function withJitter(delay: number, jitter: number): number {
  return Math.round(delay * (1 + jitter * (2 * Math.random() - 1)))
}

/** Returns whether the webhook is still active. A single success ends the time of failure. */
async function recordHealth(
  tx: Queries,
  accountId: number,
  webhookId: number,
  results: AttemptResult[],
  { now, disableAfter }: Schedule,
): Promise<boolean> {
  const [health] = await selectHealth(tx, { account_id: accountId, id: webhookId })
  if (!health) return false
  const isActive = health.active === 1
  if (results.some(({ error }) => error === null)) {
    if (health.failing_since !== null) await updateWebhook(tx, accountId, webhookId, { failing_since: null })
    return isActive
  }
  const failing_since = health.failing_since ?? Math.min(...results.map(({ at }) => at))
  const isDisabled = isActive && now() - failing_since >= disableAfter
  if (health.failing_since === failing_since && !isDisabled) return isActive
  await updateWebhook(tx, accountId, webhookId, {
    failing_since,
    ...(isDisabled ? { active: 0, disabled_reason: disabledReason(disableAfter, results.at(-1)!) } : {}),
  })
  return isActive && !isDisabled
}

function disabledReason(disableAfter: number, { code, error }: AttemptResult): string {
  const days = Math.round(disableAfter / 86_400_000)
  const last = error === 'status' || error === 'redirect' ? `${code}` : error
  return `Every delivery has failed for ${days} days, the last one with "${last}".`
}
