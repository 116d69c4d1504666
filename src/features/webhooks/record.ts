import type { Queries } from '../../db/database.ts'
import type { Outcome } from '../../lib/outgoing.ts'
import type { Try } from './claim.ts'
import { advance } from './delivery.store.ts'
import { finish, insertAttempts, retryLater, selectHealth, selectRunning } from './queue.store.ts'
import type { Schedule } from './schedule.ts'
import { noteDue, updateWebhook } from './store.ts'

/** A try that has been made. */
export interface Made extends Outcome {
  try: Try
  /** When it was begun. */
  at: number
}

/**
 * Writes down tries that have been made to webhooks of one account, in a transaction under it: the attempts, what
 * becomes of the deliveries and of those behind them, and whether a webhook is given up. What has meanwhile become
 * another node's is passed over.
 */
export async function record(tx: Queries, made: Made[], schedule: Schedule): Promise<void> {
  const webhooks = Map.groupBy(made, ({ try: { webhookId } }) => webhookId)
  for (const [webhookId, own] of webhooks) {
    const { accountId } = own[0]!.try
    const isActive = await recordHealth(tx, accountId, webhookId, own, schedule)
    await recordTries(tx, { account_id: accountId, webhook_id: webhookId }, own, isActive, schedule)
    await noteDue(tx, accountId, webhookId)
  }
}

async function recordTries(
  tx: Queries,
  place: { account_id: number; webhook_id: number },
  made: Made[],
  isActive: boolean,
  { now, delays, jitter }: Schedule,
): Promise<void> {
  const time = now()
  const positions = made.map((one) => one.try.position)
  const running = await selectRunning(tx, place, positions)
  const current = made.flatMap((one) => {
    const before = running.get(one.try.position)
    return before?.tries === one.try.number ? [{ one, before }] : []
  })
  const done = { succeeded: [] as number[], failed: [] as number[] }
  const freed: (number | null)[] = []
  for (const { one, before } of current) {
    const { position, step } = before
    // A person asked for it: to a webhook that is switched off once is enough.
    const delay = isActive || before.forced === 0 ? delays[step] : undefined
    if (one.error !== null && delay !== undefined) {
      await retryLater(tx, { ...place, position, step: step + 1, due_at: time + jittered(delay, jitter) })
    } else {
      done[one.error === null ? 'succeeded' : 'failed'].push(position)
      freed.push(before.conversation_id)
    }
  }
  await finish(tx, place, done.succeeded, 'succeeded', time)
  await finish(tx, place, done.failed, 'failed', time)
  await insertAttempts(
    tx,
    current.map(({ one }) => attemptOf(place, one)),
  )
  await advance(tx, place, freed, time)
}

function attemptOf(place: { account_id: number; webhook_id: number }, made: Made) {
  const { at, durationMs: duration_ms, code, error, answer } = made
  const { position, number } = made.try
  return { ...place, position, number, at, duration_ms, code, error, answer }
}

function jittered(delay: number, jitter: number): number {
  return Math.round(delay * (1 + jitter * (2 * Math.random() - 1)))
}

/** Whether the webhook is active. One success says that the receiver is there. */
async function recordHealth(
  tx: Queries,
  accountId: number,
  webhookId: number,
  made: Made[],
  { now, patience }: Schedule,
): Promise<boolean> {
  const [health] = await selectHealth(tx, { account_id: accountId, id: webhookId })
  if (!health) return false
  const isActive = health.active === 1
  if (made.some(({ error }) => error === null)) {
    if (health.failing_since !== null) await updateWebhook(tx, accountId, webhookId, { failing_since: null })
    return isActive
  }
  const failing_since = health.failing_since ?? Math.min(...made.map(({ at }) => at))
  const isOver = isActive && now() - failing_since >= patience
  if (health.failing_since === failing_since && !isOver) return isActive
  await updateWebhook(tx, accountId, webhookId, {
    failing_since,
    ...(isOver ? { active: 0, disabled_reason: reason(patience, made.at(-1)!) } : {}),
  })
  return isActive && !isOver
}

function reason(patience: number, { code, error }: Made): string {
  const days = Math.round(patience / 86_400_000)
  const last = error === 'status' || error === 'redirect' ? `${code}` : error
  return `Every delivery of ${days} days has failed, the last one with "${last}".`
}
