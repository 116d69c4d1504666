import type { Queries } from '../../db/database.ts'
import { signingSecret } from '../../lib/signing.ts'
import { advance } from './delivery.store.ts'
import {
  type DueDelivery,
  finish,
  insertAttempts,
  selectDue,
  selectDueWebhooks,
  startTries,
} from './queue.store.ts'
import type { Schedule } from './schedule.ts'
import type { Slots } from './slots.ts'
import { noteDue, type Row, updateWebhook } from './store.ts'

/** A try that this node has to make, now. */
export interface Try {
  accountId: number
  webhookId: number
  position: number
  /** Counted from 1. */
  number: number
  url: string
  secrets: string[]
  body: string
  /** Names the delivery to its receiver, on every try. */
  id: string
  /** From then on another node may make it. */
  leaseEnd: number
}

// A receiver that does not answer keeps a slot for the whole timeout.
const triesOfFailing = 2

/** What a node has taken on: its tries, each with a slot, and whether some are due that it had no slot for. */
export interface Claimed {
  tries: Try[]
  short: boolean
}

/**
 * Takes deliveries of the account that are due, in a transaction under the account, whose lock is what keeps two nodes
 * apart: each is this node's until its lease ends. `claimed` is filled on the way, for the slots are taken at once.
 */
export async function claim(
  tx: Queries,
  accountId: number,
  slots: Slots,
  { now, lease }: Schedule,
  claimed: Claimed,
): Promise<void> {
  const time = now()
  for (const webhook of await selectDueWebhooks(tx, { account_id: accountId, now: time })) {
    const receiver = receiverOf(accountId, webhook.id)
    const { count, short } = slots.take(receiver, webhook.failing_since === null ? undefined : triesOfFailing)
    if (short) claimed.short = true
    let used = 0
    try {
      const secrets = await secretsOf(tx, webhook, time)
      const due = count === 0 ? [] : await dueOf(tx, webhook, time, count)
      const leaseEnd = time + lease
      await startTries(
        tx,
        keyOf(webhook),
        due.map(({ position }) => position),
        leaseEnd,
      )
      for (const delivery of due) {
        if (delivery.data === null) await endGone(tx, webhook, delivery, time)
        else {
          claimed.tries.push(tryOf(webhook, delivery, delivery.data, secrets, leaseEnd))
          used++
        }
      }
      if (count > 0) await noteDue(tx, accountId, webhook.id)
    } finally {
      slots.give(receiver, count - used)
    }
  }
}

/** The name of a webhook among the slots. */
export function receiverOf(accountId: number, webhookId: number): string {
  return `${accountId} ${webhookId}`
}

function keyOf(webhook: Row): { account_id: number; webhook_id: number } {
  return { account_id: webhook.account_id, webhook_id: webhook.id }
}

function dueOf(tx: Queries, webhook: Row, now: number, limit: number): Promise<DueDelivery[]> {
  return selectDue(tx, { ...keyOf(webhook), now, only_forced: webhook.active === 1 ? 0 : 1, limit })
}

function tryOf(webhook: Row, due: DueDelivery, body: string, secrets: string[], leaseEnd: number): Try {
  const { account_id: accountId, id: webhookId, url } = webhook
  const { position } = due
  const id = `evt_${accountId}_${position}_${webhookId}`
  return { accountId, webhookId, position, number: due.tries + 1, url, secrets, body, id, leaseEnd }
}

/** All that sign now: an inbox's webhook gets its first one here. */
async function secretsOf(tx: Queries, webhook: Row, now: number): Promise<string[]> {
  const secret = webhook.secret ?? signingSecret()
  if (webhook.secret === null) await updateWebhook(tx, webhook.account_id, webhook.id, { secret })
  const { previous_secret, previous_secret_until } = webhook
  const isCurrent = previous_secret !== null && (previous_secret_until ?? 0) > now
  return isCurrent ? [secret, previous_secret] : [secret]
}

/** The log keeps the event no more, so there is nothing to send. */
async function endGone(
  tx: Queries,
  webhook: Row,
  { position, tries, conversation_id }: DueDelivery,
  now: number,
) {
  const place = keyOf(webhook)
  const attempt = { number: tries + 1, at: now, duration_ms: 0, code: null, error: 'gone', answer: '' }
  await finish(tx, place, [position], 'failed', now)
  await insertAttempts(tx, [{ ...place, position, ...attempt }])
  await advance(tx, place, [conversation_id], now)
}
