import type { Queries } from '../../db/database.ts'
import { signingSecret } from '../../lib/signing.ts'
import { advanceConversations } from './delivery.store.ts'
import {
  type DueDelivery,
  finishDeliveries,
  insertAttempts,
  selectDue,
  selectDueWebhooks,
  startAttempts,
} from './queue.store.ts'
import type { Schedule } from './schedule.ts'
import type { Slots } from './slots.ts'
import { openSecret, type Row, updateNextDue, updateWebhook } from './store.ts'

/** An attempt that this node has to make now. */
export interface Attempt {
  accountId: number
  webhookId: number
  position: number
  /** Counted from 1. */
  number: number
  url: string
  /** Empty if the secret cannot be decrypted: then nothing is sent. */
  secrets: string[]
  body: string
  /** Identifies the delivery for its receiver, the same in every attempt. */
  id: string
  /** Milliseconds since 1970. After this time another node may make the attempt. */
  leaseEnd: number
}

// A receiver that does not respond occupies a slot for the whole timeout.
const slotsOfFailingWebhook = 2

/** The attempts that a node has claimed, each with a slot. */
export interface Claim {
  attempts: Attempt[]
  /** Whether more deliveries are due than there were slots. */
  isShort: boolean
}

/**
 * Claims due deliveries of an account: each belongs to this node until its lease ends. It runs in a transaction of
 * the account, whose lock keeps two nodes from claiming the same delivery. Fills `claim` as it goes, because slots
 * are taken at once and the caller must return them if the transaction fails.
 */
export async function claimDeliveries(
  tx: Queries,
  accountId: number,
  slots: Slots,
  { now, lease }: Schedule,
  claim: Claim,
): Promise<void> {
  const time = now()
  for (const webhook of await selectDueWebhooks(tx, { account_id: accountId, now: time })) {
    const name = slotName(accountId, webhook.id)
    const most = webhook.failing_since === null ? undefined : slotsOfFailingWebhook
    const { count, isShort } = slots.take(name, most)
    if (isShort) claim.isShort = true
    let used = 0
    try {
      const secrets = await signingSecrets(tx, webhook, time)
      const due = count === 0 ? [] : await selectDueOf(tx, webhook, time, count)
      const leaseEnd = time + lease
      await startAttempts(
        tx,
        keyOf(webhook),
        due.map(({ position }) => position),
        leaseEnd,
      )
      for (const delivery of due) {
        if (delivery.data === null) await failWithoutEvent(tx, webhook, delivery, time)
        else {
          claim.attempts.push(attemptOf(webhook, delivery, delivery.data, secrets, leaseEnd))
          used++
        }
      }
      if (count > 0) await updateNextDue(tx, accountId, webhook.id)
    } finally {
      slots.give(name, count - used)
    }
  }
}

/** Returns the name of a webhook among the slots. */
export function slotName(accountId: number, webhookId: number): string {
  return `${accountId} ${webhookId}`
}

function keyOf(webhook: Row): { account_id: number; webhook_id: number } {
  return { account_id: webhook.account_id, webhook_id: webhook.id }
}

function selectDueOf(tx: Queries, webhook: Row, now: number, limit: number): Promise<DueDelivery[]> {
  return selectDue(tx, { ...keyOf(webhook), now, only_forced: webhook.active === 1 ? 0 : 1, limit })
}

function attemptOf(
  webhook: Row,
  due: DueDelivery,
  body: string,
  secrets: string[],
  leaseEnd: number,
): Attempt {
  const { account_id: accountId, id: webhookId, url } = webhook
  const { position } = due
  const id = `evt_${accountId}_${position}_${webhookId}`
  return { accountId, webhookId, position, number: due.tries + 1, url, secrets, body, id, leaseEnd }
}

/**
 * Returns the secrets that sign now, none if the secret cannot be decrypted. The webhook of an inbox gets its first one
 * here.
 */
async function signingSecrets(tx: Queries, webhook: Row, now: number): Promise<string[]> {
  const secret = webhook.secret === null ? signingSecret() : openSecret(tx, webhook, 'secret')
  if (secret === null) return []
  if (webhook.secret === null) await updateWebhook(tx, webhook.account_id, webhook.id, { secret })
  const isPreviousValid = (webhook.previous_secret_until ?? 0) > now
  const previous = isPreviousValid ? openSecret(tx, webhook, 'previous_secret') : null
  return previous === null ? [secret] : [secret, previous]
}

/** Fails a delivery whose event is no longer in the log: there is nothing to send. */
async function failWithoutEvent(
  tx: Queries,
  webhook: Row,
  { position, tries, conversation_id }: DueDelivery,
  now: number,
) {
  const key = keyOf(webhook)
  const attempt = { number: tries + 1, at: now, duration_ms: 0, code: null, error: 'gone', answer: '' }
  await finishDeliveries(tx, key, [position], 'failed', now)
  await insertAttempts(tx, [{ ...key, position, ...attempt }])
  await advanceConversations(tx, key, [conversation_id], now)
}
